package policies

import (
	"context"
	"errors"
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"greenlight.dev/greenlight/api/v1alpha1"
)

func TestPoliciesAreConfirmedWhereTheClusterHasTheSame(t *testing.T) {
	newer := policy(2, 1, "single")
	newer.ResourceVersion = "8"
	for name, test := range map[string]struct {
		inForce []v1alpha1.RolloutPolicy
		stored  storedPolicies
		want    bool
		again   time.Duration
	}{
		"the same":                           {these(policy(1, 1, "single")), storedPolicies{list: these(policy(1, 1, "single"))}, true, confirmPeriod},
		"none on both sides":                 {nil, storedPolicies{}, true, confirmPeriod},
		"none in force and no CRD":           {nil, storedPolicies{err: &meta.NoKindMatchError{}}, true, confirmPeriod},
		"a newer version that did not come":  {these(policy(1, 1, "single")), storedPolicies{list: these(newer)}, false, confirmRetry},
		"one more that did not come":         {these(policy(1, 1, "single")), storedPolicies{list: these(policy(1, 1, "single"), policy(1, 1, "single", as("more")))}, false, confirmRetry},
		"one whose deletion did not come":    {these(policy(1, 1, "single")), storedPolicies{}, false, confirmRetry},
		"an API server that does not answer": {nil, storedPolicies{err: errors.New("no route to host")}, false, confirmPeriod},
	} {
		t.Run(name, func(t *testing.T) {
			watcher := &Watcher{Store: NewStore(entries), api: test.stored}
			watcher.confirm(t.Context())
			if !watcher.Confirmed().IsZero() {
				t.Error("confirmed before any was taken in")
			}
			watcher.taken.Store(versionsOf(test.inForce))
			if again := watcher.confirm(t.Context()); again != test.again {
				t.Errorf("again after %s, want after %s", again, test.again)
			}
			if got := !watcher.Confirmed().IsZero(); got != test.want {
				t.Errorf("confirmed: %v, want %v", got, test.want)
			}
		})
	}
}

func these(policies ...v1alpha1.RolloutPolicy) []v1alpha1.RolloutPolicy { return policies }

// storedPolicies are an API server's.
type storedPolicies struct {
	client.Reader
	list []v1alpha1.RolloutPolicy
	err  error
}

func (s storedPolicies) List(_ context.Context, into client.ObjectList, _ ...client.ListOption) error {
	metadata := into.(*metav1.PartialObjectMetadataList)
	for _, policy := range s.list {
		metadata.Items = append(metadata.Items, metav1.PartialObjectMetadata{ObjectMeta: policy.ObjectMeta})
	}
	return s.err
}
