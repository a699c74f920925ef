package main

import (
	"net/http"
	"sync/atomic"

	"github.com/go-logr/logr"
	"github.com/prometheus/client_golang/prometheus"
	"sigs.k8s.io/controller-runtime/pkg/healthz"
)

// readiness is what /readyz answers by: the checks under their names, of which all must pass.
type readiness map[string]*probed

// newReadiness returns the checks, each of which logs what becomes of it.
func newReadiness(logger logr.Logger, checks map[string]healthz.Checker) readiness {
	ready := readiness{}
	for name, check := range checks {
		ready[name] = &probed{logger: logger.WithValues("check", name), checker: check}
	}
	return ready
}

// passed reports whether every check passed when it was last asked.
func (r readiness) passed() bool {
	for _, check := range r {
		if last := check.last.Load(); last == nil || !*last {
			return false
		}
	}
	return true
}

// metric returns the gauge of passed. A process that is not ready is scraped all the same, so that whatever else it
// exports tells only that it lives. A scrape asks no check itself: one may take longer than a scrape may.
func (r readiness) metric() prometheus.Collector {
	return prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "greenlight_ready",
		Help: "Whether the webhook was ready to answer reviews when /readyz was last asked: 1 or 0, and 0 before the first time.",
	}, func() float64 {
		if r.passed() {
			return 1
		}
		return 0
	})
}

// probed is a check that remembers whether it last passed.
type probed struct {
	logger  logr.Logger
	checker healthz.Checker
	// last is nil until the check is first asked.
	last atomic.Pointer[bool]
}

// check logs when it is first asked, and from then on when the check begins to pass or to fail: /readyz withholds the
// cause, and the kubelet's events do too.
func (p *probed) check(request *http.Request) error {
	err := p.checker(request)
	passes := err == nil
	switch before := p.last.Swap(&passes); {
	case before != nil && *before == passes:
	case passes:
		p.logger.Info("readiness check passes")
	default:
		p.logger.Info("readiness check fails", "cause", err.Error())
	}
	return err
}
