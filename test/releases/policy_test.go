package releases

import (
	"context"
	"time"

	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/util/wait"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"greenlight.dev/greenlight/api/v1alpha1"
)

// keep is how long the policy wants what served before a switch to be kept: short, so that there can be many
// releases.
const keep = 2 * time.Second

// govern stores the policy, which is the baseline but for keep, and waits until it is in force.
func govern(ctx context.Context, admin client.Client) error {
	policy := &v1alpha1.RolloutPolicy{}
	policy.Name = "releases"
	policy.Spec.Traffic.KeepPreviousSeconds = new(int32(keep / time.Second))
	if err := admin.Create(ctx, policy); err != nil {
		return err
	}
	return wait.PollUntilContextTimeout(ctx, 50*time.Millisecond, time.Minute, true, func(ctx context.Context) (bool, error) {
		err := admin.Get(ctx, client.ObjectKeyFromObject(policy), policy)
		return meta.IsStatusConditionTrue(policy.Status.Conditions, v1alpha1.Accepted), err
	})
}
