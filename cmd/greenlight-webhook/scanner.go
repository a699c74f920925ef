package main

import (
	"context"
	"errors"
	"net/http"

	"sigs.k8s.io/controller-runtime/pkg/healthz"
	"sigs.k8s.io/controller-runtime/pkg/manager"
	"sigs.k8s.io/controller-runtime/pkg/metrics"
	metricsserver "sigs.k8s.io/controller-runtime/pkg/metrics/server"

	"greenlight.dev/greenlight/internal/cluster"
	"greenlight.dev/greenlight/internal/engine"
	"greenlight.dev/greenlight/report"
	"greenlight.dev/greenlight/rules"
)

const scannerName = "greenlight-scanner"

// newScanner returns a manager with the scanner on it, which starts once it is elected.
func newScanner(ctx context.Context, o scanOptions, fixed *engine.Policy) (manager.Manager, error) {
	mgr, err := newManager(o.kubeconfig, o.limit, o.managerOptions())
	if err != nil {
		return nil, err
	}
	reader, err := cluster.NewReader(ctx, mgr)
	if err != nil {
		return nil, err
	}
	var scanner *report.Scanner // It is there before anything starts.
	judging, ready, err := newEngine(mgr, reader, fixed, func() { scanner.Rescan() })
	if err != nil {
		return nil, err
	}
	config, err := o.config(mgr, reader, judging)
	if err != nil {
		return nil, err
	}
	config.Ready = func(request *http.Request) error { return errors.Join(reader.Ready(request), ready(request)) }
	if scanner, err = report.NewScanner(mgr, config); err != nil {
		return nil, err
	}
	return mgr, addChecks(mgr, reader, newReadiness(mgr.GetLogger(), map[string]healthz.Checker{
		"judging": config.Ready,
		"reports": scanner.Reporting,
	}))
}

func (o scanOptions) managerOptions() manager.Options {
	return manager.Options{
		Metrics:                       metricsserver.Options{BindAddress: o.metricsAddress},
		HealthProbeBindAddress:        o.healthAddress,
		LeaderElection:                true,
		LeaderElectionID:              scannerName,
		LeaderElectionNamespace:       o.namespace,
		LeaderElectionReleaseOnCancel: true,
	}
}

func (o scanOptions) config(mgr manager.Manager, reader *cluster.Reader, judging *engine.Engine) (report.Config, error) {
	format, err := o.format()
	config := report.Config{
		Engine: judging, Rules: rules.All, Reader: reader, Format: format, Namespace: o.namespace,
		Interval: o.interval, Debounce: o.debounce, Registry: metrics.Registry,
	}
	if o.events {
		config.Events = mgr.GetEventRecorder(scannerName)
	}
	return config, err
}
