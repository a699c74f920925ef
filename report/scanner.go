package report

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"k8s.io/apimachinery/pkg/runtime/schema"
	toolscache "k8s.io/client-go/tools/cache"
	"k8s.io/client-go/tools/events"
	"k8s.io/client-go/util/workqueue"
	"sigs.k8s.io/controller-runtime/pkg/controller"
	"sigs.k8s.io/controller-runtime/pkg/controller/priorityqueue"
	"sigs.k8s.io/controller-runtime/pkg/manager"
	"sigs.k8s.io/controller-runtime/pkg/reconcile"
	"sigs.k8s.io/controller-runtime/pkg/source"

	"greenlight.dev/greenlight/internal/cluster"
	"greenlight.dev/greenlight/internal/engine"
	"greenlight.dev/greenlight/rules"
	"greenlight.dev/greenlight/state"
)

// Config is what a scanner is made of.
type Config struct {
	Engine *engine.Engine
	Rules  []rules.Entry
	Reader *cluster.Reader
	// Ready fails until what is judged by was read.
	Ready func(*http.Request) error
	// Format is how reports are kept: nil for not at all.
	Format *Format
	// Namespace is Greenlight's own, which is not judged.
	Namespace string
	// Interval is the time between two full passes.
	Interval time.Duration
	// Debounce is how long changes are collected before a namespace is judged again.
	Debounce time.Duration
	// Events takes an event for each new finding: nil for none.
	Events   events.EventRecorder
	Registry prometheus.Registerer
}

// Scanner judges namespace by namespace what runs in the cluster: where something changes, and everywhere
// now and then. A namespace is the unit, because a verdict depends on what is around the object in it.
type Scanner struct {
	Config
	kinds      []schema.GroupVersionKind
	writer     *writer
	metrics    *metrics
	violations *violations
	pass       pass
	// queue holds names of namespaces: nil until this scanner leads.
	queue atomic.Pointer[queue]
}

type queue = priorityqueue.PriorityQueue[string]

const (
	// workers overlap judging with waiting for the API server.
	workers = 4
	// repairFactor keeps two writers that disagree, as two releases may during an upgrade, from overwriting
	// each other all the time.
	repairFactor = 10
)

// NewScanner returns a scanner on a manager, which starts it once it leads.
func NewScanner(mgr manager.Manager, config Config) (*Scanner, error) {
	s := &Scanner{Config: config, kinds: judgedAtRest(config.Rules), metrics: newMetrics(config.Registry)}
	s.violations = &violations{gauge: s.metrics.violations, known: map[string]tally{}}
	if config.Format != nil {
		if err := s.addWriter(mgr); err != nil {
			return nil, err
		}
	}
	runner, err := controller.NewTyped("scanner", mgr, controller.TypedOptions[string]{
		Reconciler: reconcile.TypedFunc[string](s.reconcile), MaxConcurrentReconciles: workers,
	})
	if err != nil {
		return nil, err
	}
	return s, runner.Watch(source.TypedFunc[string](s.watch))
}

func (s *Scanner) addWriter(mgr manager.Manager) error {
	stored := &stored{
		format: *s.Format, cluster: mgr, available: s.Rescan,
		foreign: func(namespace string) { s.add(namespace, repairFactor*s.Debounce) },
	}
	s.writer = &writer{format: *s.Format, stored: stored, api: mgr.GetAPIReader(), client: mgr.GetClient(), metrics: s.metrics, now: time.Now}
	return mgr.Add(stored)
}

// Reporting is a readiness check: it fails while reports are to be kept and there is nowhere to write them.
func (s *Scanner) Reporting(request *http.Request) error {
	if s.writer == nil {
		return nil
	}
	return s.writer.stored.Ready(request)
}

// judgedAtRest are the kinds of which objects are judged as they stand.
func judgedAtRest(entries []rules.Entry) []schema.GroupVersionKind {
	var kinds []schema.GroupVersionKind
	for _, entry := range entries {
		for _, kind := range entry.Kinds {
			if entry.Judges(kind, rules.Rest) && !slices.Contains(kinds, kind) {
				kinds = append(kinds, kind)
			}
		}
	}
	return kinds
}

// watch begins to lead.
func (s *Scanner) watch(ctx context.Context, q workqueue.TypedRateLimitingInterface[string]) error {
	queue, ok := q.(queue)
	if !ok {
		return fmt.Errorf("a %T has no priorities", q)
	}
	s.queue.Store(&queue)
	go s.passes(ctx)
	s.Reader.OnChange(s.changed)
	return nil
}

func (s *Scanner) changed(kind schema.GroupVersionKind, name toolscache.ObjectName) {
	switch {
	case kind == state.Namespace:
		s.add(name.Name, s.Debounce)
	case name.Namespace != "":
		s.add(name.Namespace, s.Debounce)
	}
	// What changes on a Node shows in the next full pass: it would be every namespace's concern.
}

func (s *Scanner) add(namespace string, after time.Duration) {
	if queue := s.queue.Load(); queue != nil {
		(*queue).AddAfter(namespace, after)
	}
}

// judged are the kinds of which the objects in a namespace are judged.
func (s *Scanner) judged(namespace string) []schema.GroupVersionKind {
	if namespace == s.Namespace || slices.Contains(cluster.SystemNamespaces, namespace) {
		return nil
	}
	return s.kinds
}
