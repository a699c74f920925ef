package report

import (
	"sync"

	"github.com/prometheus/client_golang/prometheus"

	"greenlight.dev/greenlight/api/v1alpha1"
)

// violations counts findings by namespace, so that a namespace can be counted anew.
type violations struct {
	gauge *prometheus.GaugeVec
	mu    sync.Mutex
	known map[string]tally
}

type tally map[violation]int

type violation struct {
	rule string
	mode v1alpha1.Mode
}

// add counts the findings of a report.
func (t tally) add(report Report) {
	for _, result := range report.Results {
		if result.Mode != "" {
			t[violation{result.Rule, result.Mode}]++
		}
	}
}

// put replaces what was counted of a namespace before.
func (v *violations) put(namespace string, now tally) {
	v.mu.Lock()
	defer v.mu.Unlock()
	for of, count := range v.known[namespace] {
		v.gauge.WithLabelValues(of.rule, string(of.mode)).Sub(float64(count))
	}
	for of, count := range now {
		v.gauge.WithLabelValues(of.rule, string(of.mode)).Add(float64(count))
	}
	if v.known[namespace] = now; len(now) == 0 {
		delete(v.known, namespace)
	}
}
