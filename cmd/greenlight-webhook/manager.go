package main

import (
	"context"
	"errors"
	"fmt"

	admissionregistrationv1 "k8s.io/api/admissionregistration/v1"
	coordinationv1 "k8s.io/api/coordination/v1"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"
	"sigs.k8s.io/controller-runtime/pkg/healthz"
	"sigs.k8s.io/controller-runtime/pkg/manager"
	"sigs.k8s.io/controller-runtime/pkg/metrics"

	"greenlight.dev/greenlight/api/v1alpha1"
	"greenlight.dev/greenlight/internal/cluster"
	"greenlight.dev/greenlight/internal/engine"
	"greenlight.dev/greenlight/internal/policies"
	"greenlight.dev/greenlight/rules"
)

// limit says how fast the API server may be asked.
type limit func(*rest.Config)

// unlimited leaves it to the API server, which has fairer limits: an answer must not wait for ours.
func unlimited(config *rest.Config) { config.QPS = -1 }

// newManager returns a manager that caches what rules read.
func newManager(kubeconfig string, limit limit, options manager.Options) (manager.Manager, error) {
	config, err := clientcmd.BuildConfigFromFlags("", kubeconfig)
	if err != nil {
		return nil, fmt.Errorf("reaching the API server: %w", err)
	}
	limit(config)
	options.Scheme, err = cluster.NewScheme()
	if err != nil {
		return nil, err
	}
	if err := errors.Join(v1alpha1.AddToScheme(options.Scheme), coordinationv1.AddToScheme(options.Scheme), admissionregistrationv1.AddToScheme(options.Scheme)); err != nil {
		return nil, err
	}
	options.Cache = cluster.CacheOptions()
	options.MapperProvider = cluster.NewMapper
	options.LivenessEndpointName = "/livez"
	return manager.New(config, options)
}

// newEngine returns an engine in which fixed governs what it selects, or the cluster's policies where it is
// nil, and a check that they were read. Whenever others of those are in force, changed is called.
func newEngine(mgr manager.Manager, reader *cluster.Reader, fixed *engine.Policy, changed func()) (*engine.Engine, healthz.Checker, error) {
	if fixed != nil {
		policies := engine.NewPolicies([]*engine.Policy{fixed}, engine.Baseline(rules.All))
		return engine.Governed(func() *engine.Policies { return policies }), healthz.Ping, nil
	}
	watcher := policies.NewWatcher(mgr, reader, rules.All)
	watcher.OnChange(changed)
	return engine.Governed(watcher.Policies), watcher.Ready,
		errors.Join(mgr.Add(watcher), metrics.Registry.Register(newPoliciesConfirmed(watcher.Confirmed)))
}

// loadPolicy returns the policy of a file: nil where those of the cluster are read.
func loadPolicy(file string) (*engine.Policy, error) {
	if file == "" {
		return nil, nil
	}
	return engine.Load(file, rules.All)
}

// addChecks makes the process alive while its cache can be trusted, and ready while all of the checks pass.
func addChecks(mgr manager.Manager, reader *cluster.Reader, ready readiness) error {
	errs := []error{mgr.AddHealthzCheck("caches", reader.Alive)}
	for name, check := range ready {
		errs = append(errs, mgr.AddReadyzCheck(name, check.check))
	}
	return errors.Join(errs...)
}

// start runs a manager until ctx is done. A manager that is told to end before its caches are filled would go on, and
// keep a core busy at that, until it is killed: nothing is asked of it then, so it is left behind.
func start(ctx context.Context, mgr manager.Manager) error {
	filling, filled := context.WithCancel(ctx)
	defer filled()
	go tellWhileAway(filling, mgr)
	ended := make(chan error, 2)
	go func() { ended <- mgr.Start(ctx) }()
	go func() {
		if !mgr.GetCache().WaitForCacheSync(ctx) {
			ended <- nil
		}
		filled()
	}()
	return <-ended
}
