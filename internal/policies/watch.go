package policies

import (
	"context"
	"time"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/util/wait"
	toolscache "k8s.io/client-go/tools/cache"
	"sigs.k8s.io/controller-runtime/pkg/cache"
	"sigs.k8s.io/controller-runtime/pkg/log"

	"greenlight.dev/greenlight/api/v1alpha1"
)

const (
	// crdPeriod is how often a missing CRD is looked for.
	crdPeriod = 5 * time.Second
	// namespaceDelay takes in many changes of namespaces at once: they matter to a count only.
	namespaceDelay = time.Second
)

// watch makes changes of policies and of namespaces known to the queue. It returns once all policies
// are in the cache, so that no part of them is taken for all.
func (w *Watcher) watch(ctx context.Context) error {
	namespaces, err := w.informers.GetInformer(ctx, &corev1.Namespace{}, cache.BlockUntilSynced(false))
	if err != nil {
		return err
	}
	if _, err := namespaces.AddEventHandler(onChange(func() { w.queue.AddAfter(pass{}, namespaceDelay) })); err != nil {
		return err
	}
	policies, err := w.policyInformer(ctx)
	if err != nil {
		return err
	}
	registration, err := policies.AddEventHandler(onChange(func() { w.queue.Add(pass{}) }))
	if err != nil {
		return err
	}
	toolscache.WaitForCacheSync(ctx.Done(), registration.HasSynced)
	w.queue.Add(pass{})
	return nil
}

// policyInformer waits for the CRD, without which the built-in baseline governs.
func (w *Watcher) policyInformer(ctx context.Context) (cache.Informer, error) {
	var informer cache.Informer
	err := wait.PollUntilContextCancel(ctx, crdPeriod, true, func(ctx context.Context) (bool, error) {
		var err error
		informer, err = w.informers.GetInformer(ctx, &v1alpha1.RolloutPolicy{}, cache.BlockUntilSynced(false))
		switch {
		case meta.IsNoMatchError(err):
			w.withoutCRD(ctx)
		case err != nil:
			log.FromContext(ctx).Error(err, "Watching the RolloutPolicies: it will be tried again")
		}
		return err == nil, nil
	})
	return informer, err
}

// withoutCRD says only once that there is none.
func (w *Watcher) withoutCRD(ctx context.Context) {
	w.taken.Store(&versions{})
	if !w.ready.Swap(true) {
		log.FromContext(ctx).Info("There is no CRD of RolloutPolicy: the built-in baseline governs until it is installed", "lookingEvery", crdPeriod.String())
	}
}

// onChange calls back whatever happens to an object.
func onChange(changed func()) toolscache.ResourceEventHandler {
	return toolscache.ResourceEventHandlerFuncs{
		AddFunc:    func(any) { changed() },
		UpdateFunc: func(_, _ any) { changed() },
		DeleteFunc: func(any) { changed() },
	}
}
