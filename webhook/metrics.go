package webhook

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// The reasons of failures.
const (
	reasonPanic    = "panic"
	reasonError    = "error"
	reasonOverload = "overload"
	reasonIntent   = "intent"
)

// metrics counts what is decided. No label holds a name of an object or of a namespace, nor anything
// else that a client chooses, so that the number of series is bounded.
type metrics struct {
	decisions *prometheus.CounterVec
	duration  *prometheus.HistogramVec
	patches   *prometheus.CounterVec
	errors    *prometheus.CounterVec
}

func newMetrics(registry prometheus.Registerer) *metrics {
	m := &metrics{
		decisions: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "greenlight_admission_decisions_total",
			Help: "Reviews by what each rule decided: deny, warn, audit or skip; or without a rule: allow where none found anything, and what became of a RolloutPolicy.",
		}, []string{"decision", "rule", "operation", "resource"}),
		duration: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name:    "greenlight_admission_duration_seconds",
			Help:    "Time from the arrival of a review to its answer.",
			Buckets: []float64{.0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10},
		}, []string{"webhook", "operation", "resource"}),
		patches: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "greenlight_admission_patches_total",
			Help: "Objects that were given defaults.",
		}, []string{"operation", "resource"}),
		errors: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "greenlight_admission_internal_errors_total",
			Help: "Failures of Greenlight itself: panic, error or overload, after which the failurePolicy decides unless another rule denies, and intent, where a change was not announced to the other replicas or its announcement not taken back.",
		}, []string{"reason"}),
	}
	registry.MustRegister(m.decisions, m.duration, m.patches, m.errors)
	for _, reason := range []string{reasonPanic, reasonError, reasonOverload, reasonIntent} {
		m.errors.WithLabelValues(reason) // So that the first one is an increase.
	}
	return m
}

func (m *metrics) decided(r *review, decision, rule string) {
	m.decisions.WithLabelValues(decision, rule, string(r.operation), r.label()).Inc()
}

func (m *metrics) patched(r *review) {
	m.patches.WithLabelValues(string(r.operation), r.label()).Inc()
}

func (m *metrics) took(webhook string, r *review, start time.Time) {
	m.duration.WithLabelValues(webhook, string(r.operation), r.label()).Observe(time.Since(start).Seconds())
}

func (m *metrics) failed(reason string) {
	m.errors.WithLabelValues(reason).Inc()
}
