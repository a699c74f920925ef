package traffic

import (
	"slices"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/types"
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

// MiscountsAfter reports whether a Deployment that gives its ReplicaSets these sizes takes every pod of the newest,
// some of which are available. Its controller counts these until the status of that ReplicaSet says otherwise, and
// may take every other pod meanwhile. The source is reconcileOldReplicaSets in pkg/controller/deployment of
// Kubernetes.
func MiscountsAfter(deployment *appsv1.Deployment, replicaSets []*appsv1.ReplicaSet, sizes map[types.UID]int) bool {
	newest := newestOf(deployment, replicaSets)
	return newest != nil && sizes[newest.UID] == 0 && newest.Status.AvailableReplicas > 0
}
