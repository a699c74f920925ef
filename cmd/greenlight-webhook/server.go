package main

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net/http"
	"time"

	coordinationv1 "k8s.io/api/coordination/v1"
	"k8s.io/client-go/discovery"
	"k8s.io/client-go/tools/clientcmd"
	"sigs.k8s.io/controller-runtime/pkg/log"
	"sigs.k8s.io/controller-runtime/pkg/manager"
	"sigs.k8s.io/controller-runtime/pkg/metrics"
	metricsserver "sigs.k8s.io/controller-runtime/pkg/metrics/server"
	ctrlwebhook "sigs.k8s.io/controller-runtime/pkg/webhook"

	"greenlight.dev/greenlight/api/v1alpha1"
	"greenlight.dev/greenlight/internal/cluster"
	"greenlight.dev/greenlight/internal/engine"
	"greenlight.dev/greenlight/internal/intents"
	"greenlight.dev/greenlight/internal/policies"
	"greenlight.dev/greenlight/rules"
	"greenlight.dev/greenlight/webhook"
)

// server is a manager with the webhook on it. It takes part in no leader election: every replica
// answers, and losing a lease must not stop one.
type server struct {
	manager manager.Manager
	webhook *webhook.Webhook
	drain   time.Duration
}

// newServer returns a server on which fixed governs what it selects, or the cluster's policies where it is
// nil.
func newServer(ctx context.Context, o serveOptions, fixed *engine.Policy) (*server, error) {
	mgr, err := newManager(o)
	if err != nil {
		return nil, err
	}
	reader, err := cluster.NewReader(ctx, mgr)
	if err != nil {
		return nil, err
	}
	client, err := discovery.NewDiscoveryClientForConfig(mgr.GetConfig())
	if err != nil {
		return nil, err
	}
	versions := cluster.NewVersions(client, mgr.GetAPIReader())
	if err := mgr.Add(versions); err != nil {
		return nil, err
	}
	judging, err := newEngine(mgr, reader, fixed)
	if err != nil {
		return nil, err
	}
	book := intents.NewBook(mgr.GetAPIReader(), mgr.GetClient(), o.namespace)
	if err := mgr.Add(book); err != nil {
		return nil, err
	}
	s := &server{manager: mgr, drain: o.drain, webhook: webhook.New(webhook.Config{
		Engine: judging, Rules: rules.All, State: reader, Intents: book, SleepUnsupported: versions.SleepUnsupported, Registry: metrics.Registry,
	})}
	s.webhook.Register(mgr.GetWebhookServer())
	return s, s.addChecks(reader)
}

func newEngine(mgr manager.Manager, reader *cluster.Reader, fixed *engine.Policy) (*engine.Engine, error) {
	if fixed != nil {
		policies := engine.NewPolicies([]*engine.Policy{fixed}, engine.Baseline(rules.All))
		return engine.Governed(func() *engine.Policies { return policies }), nil
	}
	watcher := policies.NewWatcher(mgr, reader, rules.All)
	if err := mgr.Add(watcher); err != nil {
		return nil, err
	}
	return engine.Governed(watcher.Policies), mgr.AddReadyzCheck("policies", watcher.Ready)
}

func newManager(o serveOptions) (manager.Manager, error) {
	config, err := clientcmd.BuildConfigFromFlags("", o.kubeconfig)
	if err != nil {
		return nil, fmt.Errorf("reaching the API server: %w", err)
	}
	// The API server has its own, fairer limits, and an answer must not wait for ours.
	config.QPS = -1
	scheme, err := cluster.NewScheme()
	if err != nil {
		return nil, err
	}
	if err := errors.Join(v1alpha1.AddToScheme(scheme), coordinationv1.AddToScheme(scheme)); err != nil {
		return nil, err
	}
	return manager.New(config, manager.Options{
		Scheme:                 scheme,
		Cache:                  cluster.CacheOptions(),
		Metrics:                metricsserver.Options{BindAddress: o.metricsAddress},
		HealthProbeBindAddress: o.healthAddress,
		LivenessEndpointName:   "/livez",
		WebhookServer: ctrlwebhook.NewServer(ctrlwebhook.Options{
			Host: o.host, Port: o.port, CertDir: o.certDir,
			TLSOpts: []func(*tls.Config){func(config *tls.Config) { config.MinVersion = tls.VersionTLS12 }},
		}),
	})
}

// addChecks makes the server ready once its certificates are loaded and its caches are filled.
func (s *server) addChecks(reader *cluster.Reader) error {
	alive := func(*http.Request) error { return nil }
	if err := s.manager.AddHealthzCheck("alive", alive); err != nil {
		return err
	}
	checks := map[string]func(*http.Request) error{
		"certificates": s.manager.GetWebhookServer().StartedChecker(),
		"caches":       reader.Ready,
		"webhook":      s.webhook.Ready,
	}
	for name, check := range checks {
		if err := s.manager.AddReadyzCheck(name, check); err != nil {
			return err
		}
	}
	return nil
}

// run serves until ctx is done, and for the drain period after that.
func (s *server) run(ctx context.Context) error {
	serving, stop := context.WithCancel(context.WithoutCancel(ctx))
	defer stop()
	context.AfterFunc(ctx, func() {
		log.Log.Info("draining", "period", s.drain.String())
		s.webhook.Drain()
		time.AfterFunc(s.drain, stop)
	})
	return s.manager.Start(serving)
}
