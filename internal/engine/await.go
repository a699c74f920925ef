package engine

import (
	"context"
	"fmt"
	"time"

	appsv1 "k8s.io/api/apps/v1"
	"k8s.io/apimachinery/pkg/util/wait"

	"greenlight.dev/greenlight/state"
	"greenlight.dev/greenlight/traffic"
)

// awaitPeriod is how often it is asked whether the counts are up to date.
const awaitPeriod = 50 * time.Millisecond

// awaitCounts waits while the Deployment controller may count pods that are gone for those of the ReplicaSet
// that an update of a Deployment goes to: it would take away pods that serve in their stead. Who rolls back is
// not denied, so the update goes on when patience is at its end, or the counts cannot be read.
func (j *judgement) awaitCounts(ctx context.Context, waits *budget) {
	old, ok := j.request.Old.(*appsv1.Deployment)
	// A scaling goes to no other template.
	if !ok || j.request.Patience == 0 || j.request.Scales {
		return
	}
	target, err := j.target(ctx, old)
	if err == nil && target != nil {
		err = j.await(ctx, old, target, waits.left(old.UID, j.request.Patience, j.request.Now))
	}
	switch {
	case err == nil:
	case wait.Interrupted(err):
		j.verdict.Late = fmt.Sprintf("Pods of ReplicaSet %s that are gone still count as available: pods that serve may be taken away in their stead.", target.Name)
	default:
		j.verdict.Late = fmt.Sprintf("Whether pods that are gone still count as available could not be read: %v.", err)
	}
}

func (j *judgement) await(ctx context.Context, old *appsv1.Deployment, target *appsv1.ReplicaSet, patience time.Duration) error {
	if j.request.Waits != nil {
		var goesOn func()
		ctx, goesOn = j.request.Waits(ctx)
		defer goesOn()
	}
	return wait.PollUntilContextTimeout(ctx, awaitPeriod, patience, true, func(ctx context.Context) (bool, error) {
		rollout, err := j.rollout(ctx, old, target)
		return rollout == nil || !rollout.CountsPodsThatGo(), err
	})
}

// target returns the ReplicaSet whose template a Deployment goes to: nil where it was never rolled out, or only
// one ReplicaSet has pods, as it mostly is.
func (j *judgement) target(ctx context.Context, old *appsv1.Deployment) (*appsv1.ReplicaSet, error) {
	replicaSets, _, err := state.List[*appsv1.ReplicaSet](ctx, j.request.State, state.Query{
		Kind: state.ReplicaSet, Namespace: old.Namespace, OwnedBy: old.UID,
	})
	if err != nil {
		return nil, err
	}
	active := 0
	for _, replicaSet := range replicaSets {
		if traffic.Replicas(replicaSet.Spec.Replicas) > 0 || replicaSet.Status.Replicas > 0 {
			active++
		}
	}
	if active < 2 {
		return nil, nil
	}
	target, err := traffic.Revision(ctx, j.request.State, old.Namespace, old.UID, j.request.template)
	return target, ignoreUnknown(err)
}
