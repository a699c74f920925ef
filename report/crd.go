package report

import (
	"context"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/util/wait"
	toolscache "k8s.io/client-go/tools/cache"
	"sigs.k8s.io/controller-runtime/pkg/log"
)

// crdPeriod is how often a missing CRD is looked for.
const crdPeriod = 5 * time.Second

// mapping waits for the CRD: it returns nil where the process ends before there is one.
func (s *stored) mapping(ctx context.Context) *meta.RESTMapping {
	var mapping *meta.RESTMapping
	err := wait.PollUntilContextCancel(ctx, crdPeriod, true, func(ctx context.Context) (bool, error) {
		var err error
		mapping, err = s.cluster.GetRESTMapper().RESTMapping(s.format.Kind.GroupKind(), s.format.Kind.Version)
		switch {
		case meta.IsNoMatchError(err):
			s.miss(ctx)
		case err != nil:
			log.FromContext(ctx).Error(err, "Looking for the CRD of the reports: it will be tried again")
		}
		return err == nil, nil
	})
	if err != nil {
		return nil
	}
	return mapping
}

// miss notes that there is no CRD, and reports whether that is news.
func (s *stored) miss(ctx context.Context) bool {
	news := !s.missing.Swap(true)
	if news {
		log.FromContext(ctx).Info(s.Ready(nil).Error(), "lookingEvery", crdPeriod.String())
	}
	return news
}

// onWatchError notices that the CRD is taken away.
func (s *stored) onWatchError(informer toolscache.SharedIndexInformer) toolscache.WatchErrorHandlerWithContext {
	return func(ctx context.Context, reflector *toolscache.Reflector, err error) {
		switch {
		case !apierrors.IsNotFound(err):
			toolscache.DefaultWatchErrorHandler(ctx, reflector, err)
		case s.miss(ctx):
			go s.awaitReturn(ctx, informer)
		}
	}
}

// awaitReturn waits for the CRD to come back: the informer lists again by itself, and is where it was until it
// succeeds.
func (s *stored) awaitReturn(ctx context.Context, informer toolscache.SharedIndexInformer) {
	last := informer.LastSyncResourceVersion()
	back := func(context.Context) (bool, error) { return informer.LastSyncResourceVersion() != last, nil }
	if wait.PollUntilContextCancel(ctx, crdPeriod, false, back) == nil {
		s.missing.Store(false)
		s.available()
	}
}
