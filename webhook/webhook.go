package webhook

import (
	"net/http"

	"github.com/prometheus/client_golang/prometheus"
	"go.opentelemetry.io/otel/trace"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"sigs.k8s.io/controller-runtime/pkg/webhook"

	"greenlight.dev/greenlight/api/v1alpha1"
	"greenlight.dev/greenlight/internal/engine"
	"greenlight.dev/greenlight/internal/intents"
	"greenlight.dev/greenlight/rules"
	"greenlight.dev/greenlight/state"
)

// The paths that Register serves.
const (
	ValidateDeployments = "/validate/deployments"
	ValidateServices    = "/validate/services"
	ValidateWorkloads   = "/validate/workloads"
	MutateDeployments   = "/mutate/deployments"
	ValidatePolicies    = "/validate/rolloutpolicies"
)

// Config is what reviews are answered with.
type Config struct {
	Engine *engine.Engine
	// Rules are those that a RolloutPolicy may name.
	Rules []rules.Entry
	// State answers for the cluster around the object under review.
	State state.Reader
	// Intents announces changes to those that other replicas judge at the same moment: nil for a webhook that is
	// alone and announces nothing.
	Intents *intents.Book
	// SleepUnsupported says why the cluster has no native preStop sleep: empty where it has.
	SleepUnsupported func() string
	// Registry takes the metrics.
	Registry prometheus.Registerer
	// Tracing takes a span of each review: nil for none.
	Tracing trace.TracerProvider
}

// Webhook makes handlers that share their metrics and a bound on the memory that bodies take.
type Webhook struct {
	config  Config
	memory  memory
	metrics *metrics
	drain   drain
}

// New returns a Webhook. It registers metrics, so that a registry takes only one.
func New(config Config) *Webhook {
	return &Webhook{config: config, memory: newMemory(), metrics: newMetrics(config.Registry)}
}

// Register serves every handler at its path.
func (w *Webhook) Register(server webhook.Server) {
	server.Register(ValidateDeployments, w.drain.wrap(w.Validator()))
	server.Register(ValidateServices, w.drain.wrap(w.Validator()))
	server.Register(ValidateWorkloads, w.drain.wrap(w.Validator()))
	server.Register(MutateDeployments, w.drain.wrap(w.Mutator()))
	server.Register(ValidatePolicies, w.drain.wrap(w.PolicyValidator()))
}

// Validator judges changes of every kind that there are rules for.
func (w *Webhook) Validator() http.Handler {
	judge := validator{engine: w.config.Engine, state: w.config.State, intents: w.config.Intents, metrics: w.metrics}
	handler := w.handler("validate", judge, state.Deployment, state.ReplicaSet, state.StatefulSet, state.Service)
	handler.removals = true
	return handler
}

// Mutator gives Deployments their defaults. It denies nothing.
func (w *Webhook) Mutator() http.Handler {
	return w.handler("mutate", mutator{config: w.config, metrics: w.metrics}, state.Deployment)
}

// PolicyValidator denies RolloutPolicies that could not be put in force.
func (w *Webhook) PolicyValidator() http.Handler {
	return w.handler("validate", policyValidator{rules: w.config.Rules, metrics: w.metrics}, v1alpha1.RolloutPolicyKind)
}

func (w *Webhook) handler(name string, reviewer reviewer, kinds ...schema.GroupVersionKind) *handler {
	return &handler{name: name, kinds: kinds, reviewer: reviewer, memory: w.memory, metrics: w.metrics, tracing: w.config.Tracing}
}
