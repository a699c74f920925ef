package rules

import (
	"fmt"

	appsv1 "k8s.io/api/apps/v1"

	"greenlight.dev/greenlight/state"
	"greenlight.dev/greenlight/traffic"
)

// inRollout reports whether a Deployment is scaled down to some pods in the middle of a rollout.
func (d *drainage) inRollout() bool {
	_, isDeployment := d.workload.(*appsv1.Deployment)
	return isDeployment && d.remaining > 0
}

// findScaledAway notes the pods of ReplicaSets that are scaled down in proportion.
func (d *drainage) findScaledAway(own ownPods) error {
	var replicaSets []*appsv1.ReplicaSet
	for _, maker := range own.makers {
		replicaSets = append(replicaSets, maker.(*appsv1.ReplicaSet))
	}
	scaled := d.pass.Object.(*appsv1.Deployment)
	sizes, err := traffic.ScaledSizes(scaled, replicaSets)
	if err != nil {
		return err
	}
	if traffic.MiscountsAfter(scaled, replicaSets, sizes) {
		clear(sizes)
	}
	for _, replicaSet := range replicaSets {
		for _, pod := range traffic.ScaledAway(own.of(replicaSet), sizes[replicaSet.UID]) {
			d.leaving[pod.Name] = pod
		}
	}
	return nil
}

// finishRollout says what to do about a Deployment that is scaled down too early.
func finishRollout(deployment state.Object) string {
	return fmt.Sprintf("First finish the rollout or undo it, until %q succeeds.",
		fmt.Sprintf("kubectl rollout status -n %s deployment/%s", deployment.GetNamespace(), deployment.GetName()))
}

func drainedInRollout(reason string) string {
	return fmt.Sprintf("scaling it down in the middle of a rollout shrinks each of its ReplicaSets in proportion, ready or not, which takes away what serves: %s.", reason)
}
