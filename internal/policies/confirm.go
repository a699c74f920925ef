package policies

import (
	"context"
	"maps"
	"time"

	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/log"

	"greenlight.dev/greenlight/api/v1alpha1"
)

const (
	// confirmPeriod is how often the policies in force are compared with those of the API server. A watch that
	// broke without a word tells nothing, and neither does one of policies that do not change.
	confirmPeriod = 15 * time.Second
	// confirmRetry is for what is on its way to arrive.
	confirmRetry = time.Second
	// confirmTimeout is less than the period, so that an API server that hangs is asked once at a time.
	confirmTimeout = 10 * time.Second
)

// versions are the resource versions of RolloutPolicies.
type versions map[types.UID]string

func versionsOf(policies []v1alpha1.RolloutPolicy) *versions {
	found := versions{}
	for i := range policies {
		found[policies[i].UID] = policies[i].ResourceVersion
	}
	return &found
}

// Confirmed returns when the policies in force were last seen to be those that the API server has: the zero time
// before the first.
func (w *Watcher) Confirmed() time.Time {
	if at := w.confirmed.Load(); at != nil {
		return *at
	}
	return time.Time{}
}

// keepConfirming compares until ctx is done.
func (w *Watcher) keepConfirming(ctx context.Context) {
	for {
		select {
		case <-time.After(w.confirm(ctx)):
		case <-ctx.Done():
			return
		}
	}
}

// confirm compares once, and returns after what time to do so again. The time of the question counts, since the
// answer may be that old.
func (w *Watcher) confirm(ctx context.Context) (again time.Duration) {
	ctx, cancel := context.WithTimeout(ctx, confirmTimeout)
	defer cancel()
	asked := time.Now()
	stored, err := listVersions(ctx, w.api)
	if err != nil {
		log.FromContext(ctx).Error(err, "Asking whether the RolloutPolicies in force are those of the cluster: it will be tried again")
		return confirmPeriod
	}
	if inForce := w.taken.Load(); inForce == nil || !maps.Equal(stored, *inForce) {
		return confirmRetry
	}
	w.confirmed.Store(&asked)
	return confirmPeriod
}

// listVersions asks the API server. Without the CRD there are none.
func listVersions(ctx context.Context, api client.Reader) (versions, error) {
	list := &metav1.PartialObjectMetadataList{}
	list.SetGroupVersionKind(v1alpha1.RolloutPolicyKind)
	if err := api.List(ctx, list); err != nil {
		if meta.IsNoMatchError(err) {
			return versions{}, nil
		}
		return nil, err
	}
	stored := versions{}
	for i := range list.Items {
		stored[list.Items[i].UID] = list.Items[i].ResourceVersion
	}
	return stored, nil
}
