package engine

import (
	"context"
	"slices"
	"time"

	appsv1 "k8s.io/api/apps/v1"
	"k8s.io/apimachinery/pkg/util/wait"

	"greenlight.dev/greenlight/state"
	"greenlight.dev/greenlight/traffic"
)

// awaitPeriod is how often it is asked whether a status is up to date.
const awaitPeriod = 50 * time.Millisecond

// awaitStatus waits while the ReplicaSet that an update of a Deployment goes to still tells of pods that it
// was scaled away from: the Deployment controller would count them, and take pods that serve in their stead.
// Who rolls back is not denied, so the update goes on when patience is at its end.
func (j *judgement) awaitStatus(ctx context.Context) error {
	old, ok := j.request.Old.(*appsv1.Deployment)
	if !ok || j.request.Patience == 0 {
		return nil
	}
	replicaSets, _, err := state.List[*appsv1.ReplicaSet](ctx, j.request.State, state.Query{
		Kind: state.ReplicaSet, Namespace: old.Namespace, OwnedBy: old.UID,
	})
	if err != nil || !mayMiscount(replicaSets) {
		return err
	}
	target, err := traffic.Revision(ctx, j.request.State, old.Namespace, old.UID, j.request.template)
	if err != nil || target == nil {
		return ignoreUnknown(err)
	}
	err = wait.PollUntilContextTimeout(ctx, awaitPeriod, j.request.Patience, true, func(ctx context.Context) (bool, error) {
		return j.isCounted(ctx, target)
	})
	if wait.Interrupted(err) {
		return nil
	}
	return err
}

// mayMiscount reports whether a ReplicaSet beside the one that runs may tell of pods that are gone. Mostly none
// does, and then there is nothing to ask for.
func mayMiscount(replicaSets []*appsv1.ReplicaSet) bool {
	available := 0
	for _, replicaSet := range replicaSets {
		if replicaSet.Status.AvailableReplicas > 0 {
			available++
		}
	}
	return available > 1 || slices.ContainsFunc(replicaSets, traffic.CountsPodsThatGo)
}

// isCounted reports whether the status of a ReplicaSet, if it is still there, is up to date.
func (j *judgement) isCounted(ctx context.Context, target *appsv1.ReplicaSet) (bool, error) {
	found, _, err := state.List[*appsv1.ReplicaSet](ctx, j.request.State, state.Query{
		Kind: state.ReplicaSet, Namespace: target.Namespace, Name: target.Name, Live: true,
	})
	return !slices.ContainsFunc(found, traffic.CountsPodsThatGo), err
}
