package traffic

import (
	"fmt"

	appsv1 "k8s.io/api/apps/v1"
	"k8s.io/apimachinery/pkg/util/intstr"

	"greenlight.dev/greenlight/state"
)

// RollingUpdate is what a rolling update of a Deployment may do, in pods.
type RollingUpdate struct {
	// Replicas is how many pods the Deployment wants.
	Replicas int
	// Surge is how many pods there may be above Replicas.
	Surge int
	// Unavailable is how many of Replicas may be missing, as the controller resolves it.
	Unavailable int
	// Forced says that maxSurge and maxUnavailable both came to 0, so that the controller takes 1 down.
	Forced bool
}

// Floor is how many pods stay available throughout the rolling update.
func (r RollingUpdate) Floor() int { return r.Replicas - r.Unavailable }

// Rolling resolves a Deployment's rolling update. The Deployment has the API server's defaults.
// The arithmetic is ResolveFenceposts and MaxUnavailable in pkg/controller/deployment/util of
// Kubernetes: surge rounds up, unavailable rounds down, both 0 means 1 unavailable, and no more than
// all can be unavailable. It fails on a value that is neither a number nor a percentage.
func Rolling(deployment *appsv1.Deployment) (RollingUpdate, error) {
	replicas := Replicas(deployment.Spec.Replicas)
	var maxSurge, maxUnavailable *intstr.IntOrString
	if update := deployment.Spec.Strategy.RollingUpdate; update != nil {
		maxSurge, maxUnavailable = update.MaxSurge, update.MaxUnavailable
	}
	surge, err := scaled(maxSurge, replicas, true)
	if err != nil {
		return RollingUpdate{}, fmt.Errorf("spec.strategy.rollingUpdate.maxSurge: %w", err)
	}
	unavailable, err := scaled(maxUnavailable, replicas, false)
	if err != nil {
		return RollingUpdate{}, fmt.Errorf("spec.strategy.rollingUpdate.maxUnavailable: %w", err)
	}
	forced := surge == 0 && unavailable == 0
	if forced {
		unavailable = 1
	}
	return RollingUpdate{Replicas: replicas, Surge: surge, Unavailable: min(unavailable, replicas), Forced: forced}, nil
}

// Replicas returns how many pods a workload wants: 1 where it does not say, as the API server has it.
func Replicas(replicas *int32) int {
	if replicas == nil {
		return 1
	}
	return int(*replicas)
}

// ReplicasOf returns how many pods a workload wants: 0 for what is none.
func ReplicasOf(workload state.Object) int {
	switch w := workload.(type) {
	case *appsv1.Deployment:
		return Replicas(w.Spec.Replicas)
	case *appsv1.ReplicaSet:
		return Replicas(w.Spec.Replicas)
	case *appsv1.StatefulSet:
		return Replicas(w.Spec.Replicas)
	}
	return 0
}

func scaled(value *intstr.IntOrString, replicas int, roundUp bool) (int, error) {
	if value == nil {
		return 0, nil
	}
	return intstr.GetScaledValueFromIntOrPercent(value, replicas, roundUp)
}
