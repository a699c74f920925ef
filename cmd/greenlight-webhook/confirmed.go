package main

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// newPoliciesConfirmed returns the metric of how far behind the policies in force may be: 0 before confirmed returns
// a time.
func newPoliciesConfirmed(confirmed func() time.Time) prometheus.Collector {
	return prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "greenlight_policies_confirmed_timestamp_seconds",
		Help: "When the RolloutPolicies in force were last seen to be those of the API server, which is asked every 15 seconds: 0 before the first time.",
	}, func() float64 {
		at := confirmed()
		if at.IsZero() {
			return 0
		}
		return float64(at.Unix())
	})
}
