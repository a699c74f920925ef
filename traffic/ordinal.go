package traffic

import (
	"strconv"
	"strings"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
)

// Beyond reports whether a StatefulSet of that many replicas does not have the pod: it has the lowest
// ordinals from its first on, ready or not. The source is podInOrdinalRange in pkg/controller/statefulset of
// Kubernetes.
func Beyond(set *appsv1.StatefulSet, pod *corev1.Pod, replicas int) bool {
	place, known := index(set, pod)
	return known && (place < 0 || place >= replicas)
}

// Updates reports whether a StatefulSet replaces the pod by one of its newest template. The source is
// updateStatefulSet in pkg/controller/statefulset of Kubernetes: the strategy OnDelete leaves every pod
// alone, and a partition those before it.
func Updates(set *appsv1.StatefulSet, pod *corev1.Pod) bool {
	place, known := index(set, pod)
	return known && place >= Partition(set) && set.Spec.UpdateStrategy.Type != appsv1.OnDeleteStatefulSetStrategyType
}

// Partition is how many pods an update of a StatefulSet leaves alone: those with the lowest ordinals.
func Partition(set *appsv1.StatefulSet) int {
	if rolling := set.Spec.UpdateStrategy.RollingUpdate; rolling != nil && rolling.Partition != nil {
		return int(*rolling.Partition)
	}
	return 0
}

// index is the place of a pod among those of its StatefulSet, from 0: unknown where its name has no ordinal.
func index(set *appsv1.StatefulSet, pod *corev1.Pod) (place int, known bool) {
	ordinal, err := strconv.Atoi(pod.Name[strings.LastIndex(pod.Name, "-")+1:])
	if err != nil {
		return 0, false
	}
	if set.Spec.Ordinals != nil {
		ordinal -= int(set.Spec.Ordinals.Start)
	}
	return ordinal, true
}
