package traffic

import (
	appsv1 "k8s.io/api/apps/v1"

	"greenlight.dev/greenlight/state"
)

// IsObserved reports whether the controller of a workload has ever come to it.
func IsObserved(workload state.Object) bool {
	switch w := workload.(type) {
	case *appsv1.Deployment:
		return w.Status.ObservedGeneration > 0
	case *appsv1.ReplicaSet:
		return w.Status.ObservedGeneration > 0
	case *appsv1.StatefulSet:
		return w.Status.ObservedGeneration > 0
	}
	return false
}
