package main

import (
	"net/http"
	"sync/atomic"

	"github.com/go-logr/logr"
	"github.com/prometheus/client_golang/prometheus"
	"sigs.k8s.io/controller-runtime/pkg/healthz"
)

// readiness is what /readyz answers by: the checks under their names, of which all must pass.
type readiness map[string]healthz.Checker

// newReadiness returns the checks, each of which logs what becomes of it.
func newReadiness(logger logr.Logger, checks map[string]healthz.Checker) readiness {
	ready := readiness{}
	for name, check := range checks {
		ready[name] = logged(logger.WithValues("check", name), check)
	}
	return ready
}

// passes reports whether /readyz would answer 200.
func (r readiness) passes() bool {
	for _, check := range r {
		if check(nil) != nil {
			return false
		}
	}
	return true
}

// metric returns the gauge of passes. A process that is not ready is scraped all the same, so that whatever else it
// exports tells only that it lives.
func (r readiness) metric() prometheus.Collector {
	return prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "greenlight_ready",
		Help: "Whether the webhook is ready to answer reviews, as /readyz says: 1 or 0.",
	}, func() float64 {
		if r.passes() {
			return 1
		}
		return 0
	})
}

// logged returns a check that logs when it is first asked, and from then on when it begins to pass or to fail:
// /readyz withholds the cause, and the kubelet's events do too.
func logged(logger logr.Logger, check healthz.Checker) healthz.Checker {
	var last atomic.Pointer[bool]
	return func(request *http.Request) error {
		err := check(request)
		passes := err == nil
		switch before := last.Swap(&passes); {
		case before != nil && *before == passes:
		case passes:
			logger.Info("readiness check passes")
		default:
			logger.Info("readiness check fails", "cause", err.Error())
		}
		return err
	}
}
