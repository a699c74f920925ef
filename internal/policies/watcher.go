package policies

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync/atomic"
	"time"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/client-go/util/workqueue"
	"sigs.k8s.io/controller-runtime/pkg/cache"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/cluster"
	"sigs.k8s.io/controller-runtime/pkg/log"

	"greenlight.dev/greenlight/api/v1alpha1"
	"greenlight.dev/greenlight/rules"
	"greenlight.dev/greenlight/state"
)

// Watcher keeps a Store as the cluster's RolloutPolicies are. It is a manager.Runnable.
type Watcher struct {
	*Store
	informers cache.Cache
	api       client.Reader
	state     state.Reader
	reporter  *reporter
	queue     workqueue.TypedRateLimitingInterface[pass]
	// ready says that the policies were read, or that there are none because there is no CRD.
	ready atomic.Bool
	// taken are the versions of the policies that were taken in last: nil before the first.
	taken atomic.Pointer[versions]
	// confirmed is when they were last seen to be the cluster's: nil before the first time.
	confirmed atomic.Pointer[time.Time]
}

// pass is the one thing in the queue: all policies are looked at together.
type pass struct{}

// NewWatcher returns a Watcher of the cluster of a manager. reader answers for its namespaces.
func NewWatcher(manager cluster.Cluster, reader state.Reader, entries []rules.Entry) *Watcher {
	return &Watcher{
		Store:     NewStore(entries),
		informers: manager.GetCache(),
		api:       manager.GetAPIReader(),
		state:     reader,
		reporter:  newReporter(manager.GetClient()),
		queue:     workqueue.NewTypedRateLimitingQueue(workqueue.DefaultTypedControllerRateLimiter[pass]()),
	}
}

// Ready is a readiness check: it fails until the policies were read once.
func (w *Watcher) Ready(*http.Request) error {
	if w.ready.Load() {
		return nil
	}
	return errors.New("the RolloutPolicies are not read yet")
}

// NeedLeaderElection says that every replica reads the policies for itself.
func (w *Watcher) NeedLeaderElection() bool { return false }

// Start implements manager.Runnable.
func (w *Watcher) Start(ctx context.Context) error {
	defer context.AfterFunc(ctx, w.queue.ShutDown)()
	go w.keepConfirming(ctx)
	if err := w.watch(ctx); err != nil && ctx.Err() == nil {
		return err
	}
	for w.next(ctx) {
	}
	return nil
}

// next waits for a change and takes it in. What fails is tried again, each time later.
func (w *Watcher) next(ctx context.Context) bool {
	item, shutdown := w.queue.Get()
	if shutdown {
		return false
	}
	defer w.queue.Done(item)
	again, err := w.takeIn(ctx)
	switch {
	case err != nil:
		log.FromContext(ctx).Error(err, "Taking in the RolloutPolicies: it will be tried again")
		w.queue.AddRateLimited(item)
	case again > 0:
		w.queue.Forget(item)
		w.queue.AddAfter(item, again)
	default:
		w.queue.Forget(item)
	}
	return true
}

// takeIn puts the policies in force before it does anything that may fail. It returns after what time
// it should be called even if nothing changes: zero for never.
func (w *Watcher) takeIn(ctx context.Context) (again time.Duration, err error) {
	var list v1alpha1.RolloutPolicyList
	if err := w.informers.List(ctx, &list); err != nil {
		return 0, fmt.Errorf("listing the RolloutPolicies: %w", err)
	}
	judgements := w.replace(list.Items)
	w.taken.Store(versionsOf(list.Items))
	w.ready.Store(true)
	namespaces, _, err := state.List[*corev1.Namespace](ctx, w.state, state.Query{Kind: state.Namespace})
	if err != nil {
		return 0, fmt.Errorf("counting the governed namespaces: %w", err)
	}
	return w.reporter.report(ctx, judgements, count(w.Policies(), namespaces))
}
