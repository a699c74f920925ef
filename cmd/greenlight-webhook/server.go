package main

import (
	"context"
	"crypto/tls"
	"errors"
	"time"

	"go.opentelemetry.io/otel/trace"
	"k8s.io/client-go/discovery"
	"sigs.k8s.io/controller-runtime/pkg/healthz"
	"sigs.k8s.io/controller-runtime/pkg/log"
	"sigs.k8s.io/controller-runtime/pkg/manager"
	"sigs.k8s.io/controller-runtime/pkg/metrics"
	metricsserver "sigs.k8s.io/controller-runtime/pkg/metrics/server"
	ctrlwebhook "sigs.k8s.io/controller-runtime/pkg/webhook"

	"greenlight.dev/greenlight/internal/cluster"
	"greenlight.dev/greenlight/internal/engine"
	"greenlight.dev/greenlight/internal/intents"
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
// nil. Its reviews are traced where there is a tracer.
func newServer(ctx context.Context, o serveOptions, fixed *engine.Policy, tracer trace.TracerProvider) (*server, error) {
	mgr, err := newManager(o.kubeconfig, unlimited, manager.Options{
		Metrics: metricsserver.Options{BindAddress: o.metricsAddress}, HealthProbeBindAddress: o.healthAddress,
	})
	if err != nil {
		return nil, err
	}
	listener, err := o.listen(mgr)
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
	judging, policiesReady, err := newEngine(mgr, reader, fixed, func() {})
	if err != nil {
		return nil, err
	}
	book := intents.NewBook(mgr.GetAPIReader(), mgr.GetClient(), o.namespace)
	if err := errors.Join(mgr.Add(versions), mgr.Add(book), mgr.Add(manager.RunnableFunc(useHeapRoom))); err != nil {
		return nil, err
	}
	s := &server{manager: mgr, drain: o.drain, webhook: webhook.New(webhook.Config{
		Engine: judging, Rules: rules.All, State: traced(reader, tracer), Intents: book, SleepUnsupported: versions.SleepUnsupported, Registry: metrics.Registry,
		Tracing: tracer,
	})}
	s.webhook.Register(listener)
	ready := newReadiness(mgr.GetLogger(), map[string]healthz.Checker{
		"certificates": listener.StartedChecker(),
		"caches":       reader.Ready,
		"policies":     policiesReady,
		"webhook":      s.webhook.Ready,
	})
	return s, errors.Join(addChecks(mgr, reader, ready), metrics.Registry.Register(ready.metric()))
}

// listen adds the server of reviews to a manager. It is ready once it has a certificate to shake hands with.
func (o serveOptions) listen(mgr manager.Manager) (ctrlwebhook.Server, error) {
	certificates, err := o.newCertificates(mgr)
	if err != nil {
		return nil, err
	}
	listener := ctrlwebhook.NewServer(ctrlwebhook.Options{
		Host: o.host, Port: o.port,
		TLSOpts: []func(*tls.Config){func(config *tls.Config) {
			config.MinVersion = tls.VersionTLS12
			config.GetCertificate = certificates.GetCertificate
		}},
	})
	expiry := newCertificateExpiry(certificates.GetCertificate)
	return listener, errors.Join(mgr.Add(certificates), mgr.Add(listener), metrics.Registry.Register(expiry))
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
	return start(serving, s.manager)
}
