package report

import (
	"github.com/prometheus/client_golang/prometheus"
)

// metrics tells of the scanner that leads. No label holds the name of an object or of a namespace.
type metrics struct {
	violations  *prometheus.GaugeVec
	duration    prometheus.Histogram
	lastSuccess prometheus.Gauge
	writes      *prometheus.CounterVec
}

func newMetrics(registry prometheus.Registerer) *metrics {
	m := &metrics{
		violations: prometheus.NewGaugeVec(prometheus.GaugeOpts{
			Name: "greenlight_violations",
			Help: "What the rules find wrong in the cluster now, by rule and mode. What is exempt is not counted.",
		}, []string{"rule", "mode"}),
		duration: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name:    "greenlight_scan_duration_seconds",
			Help:    "Time of a full pass over the cluster.",
			Buckets: []float64{1, 5, 15, 30, 60, 120, 300, 600, 1200, 2400},
		}),
		lastSuccess: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "greenlight_scan_last_success_timestamp_seconds",
			Help: "When a full pass last ended in which every namespace was judged and every report written: 0 before the first.",
		}),
		writes: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "greenlight_report_writes_total",
			Help: "Reports written, by result: created, updated, deleted or failed.",
		}, []string{"result"}),
	}
	registry.MustRegister(m.violations, m.duration, m.lastSuccess, m.writes)
	for _, result := range []string{created, updated, deleted, failed} {
		m.writes.WithLabelValues(result) // So that a rate is 0 before the first, and not absent.
	}
	return m
}

const (
	created = "created"
	updated = "updated"
	deleted = "deleted"
	failed  = "failed"
)
