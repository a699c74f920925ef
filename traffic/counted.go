package traffic

import (
	"slices"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// Rollout is a Deployment on its way to the template of one of its ReplicaSets, with what its controller goes by.
type Rollout struct {
	Deployment *appsv1.Deployment
	// Target has the template that the Deployment is to go to.
	Target *appsv1.ReplicaSet
	// ReplicaSets are all of the Deployment's, Target among them.
	ReplicaSets []*appsv1.ReplicaSet
	// Pods are all of the Deployment's.
	Pods []*corev1.Pod
}

// CountsPodsThatGo reports whether the Deployment controller may count pods of the target that are gone, or are
// about to go, and take away pods that serve in their stead. The source is reconcileOldReplicaSets in
// pkg/controller/deployment of Kubernetes: it goes by availableReplicas, whatever the target is scaled to.
func (r Rollout) CountsPodsThatGo() bool {
	if r.Deployment.Spec.Strategy.Type == appsv1.RecreateDeploymentStrategyType || !r.hasOthers() {
		return false
	}
	counted := int(r.Target.Status.AvailableReplicas)
	return counted > Replicas(r.Target.Spec.Replicas) || counted > r.readyPods() || r.isScalingTargetDown() || r.isUnseen()
}

func (r Rollout) hasOthers() bool {
	return slices.ContainsFunc(r.ReplicaSets, func(rs *appsv1.ReplicaSet) bool {
		return rs.UID != r.Target.UID && Replicas(rs.Spec.Replicas) > 0
	})
}

func (r Rollout) readyPods() int {
	ready := 0
	for _, pod := range r.Pods {
		if metav1.IsControlledBy(pod, r.Target) && pod.DeletionTimestamp == nil && isReady(pod) {
			ready++
		}
	}
	return ready
}

// isScalingTargetDown reports whether the target is an older ReplicaSet, of which the controller takes pods at
// once: there are more available than there must be.
func (r Rollout) isScalingTargetDown() bool {
	if r.Deployment.Spec.Paused || Replicas(r.Target.Spec.Replicas) == 0 || newestOf(r.Deployment, r.ReplicaSets) == r.Target {
		return false
	}
	rolling, err := Rolling(r.Deployment)
	return err == nil && r.available() > rolling.Floor()
}

// isUnseen reports whether the controller has yet to see that pods are gone.
func (r Rollout) isUnseen() bool { return int(r.Deployment.Status.AvailableReplicas) > r.available() }

func (r Rollout) available() int {
	available := 0
	for _, rs := range r.ReplicaSets {
		available += int(rs.Status.AvailableReplicas)
	}
	return available
}
