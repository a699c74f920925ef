package traffic

import (
	"fmt"

	corev1 "k8s.io/api/core/v1"
)

// published warns where the change makes the Service send requests to pods that are not ready. Clients of
// a headless Service choose its pods themselves, and are meant to find those that start.
func (s Switch) published() Decision {
	if s.Old.Spec.PublishNotReadyAddresses || !s.New.Spec.PublishNotReadyAddresses || s.isHeadless() {
		return Decision{}
	}
	var reasons []string
	for _, pod := range s.Pods {
		if Selects(s.New, pod.Labels) && !ends(pod) && !isReady(pod) {
			reasons = append(reasons, pod.Name+": "+notReady(pod))
		}
	}
	if len(reasons) == 0 {
		return Decision{}
	}
	count := plural(len(reasons), "1 pod that is not ready gets", fmt.Sprintf("%d pods that are not ready get", len(reasons)))
	return Decision{AllowWithWarning, count + " requests at once" + phrase(shorten(reasons)), "Wait until they are ready."}
}

// ends reports whether a pod is no endpoint any more, ready or not.
func ends(pod *corev1.Pod) bool {
	return pod.DeletionTimestamp != nil || pod.Status.Phase == corev1.PodSucceeded || pod.Status.Phase == corev1.PodFailed
}

func isReady(pod *corev1.Pod) bool {
	ready := condition(pod, corev1.PodReady)
	return ready != nil && ready.Status == corev1.ConditionTrue
}
