package traffic

import (
	"slices"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
)

// ScaledAway returns which of its pods a ReplicaSet deletes to come down to a size: what is not ready first.
// The source is ActivePodsWithRanks in pkg/controller of Kubernetes.
func ScaledAway(pods []*corev1.Pod, size int) []*corev1.Pod {
	active := slices.DeleteFunc(slices.Clone(pods), ends)
	slices.SortStableFunc(active, func(a, b *corev1.Pod) int {
		switch {
		case isReady(a) == isReady(b):
			return 0
		case isReady(b):
			return -1
		}
		return 1
	})
	return active[:max(0, len(active)-size)]
}

// CountsPodsThatGo reports whether the status of a ReplicaSet tells of more available pods than it is to have.
// The Deployment controller goes by it: the source is scaleDownOldReplicaSetsForRollingUpdate in
// pkg/controller/deployment of Kubernetes.
func CountsPodsThatGo(rs *appsv1.ReplicaSet) bool {
	return int(rs.Status.AvailableReplicas) > Replicas(rs.Spec.Replicas)
}
