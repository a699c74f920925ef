package traffic

import (
	"fmt"
	"time"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/labels"

	"greenlight.dev/greenlight/state"
)

// Serving returns the pods that serve a Service now: what its EndpointSlices list as ready, on every
// port. The source is pkg/controller/endpointslice of Kubernetes.
func Serving(pods []*corev1.Pod, service *corev1.Service) []*corev1.Pod {
	var serving []*corev1.Pod
	for _, pod := range pods {
		if Selects(service, pod.Labels) && NotServing(pod, service) == "" {
			serving = append(serving, pod)
		}
	}
	return serving
}

// Selects reports whether a Service selects pods with these labels. Without a selector it selects none.
func Selects(service *corev1.Service, podLabels map[string]string) bool {
	return state.ServiceSelector(service).Matches(labels.Set(podLabels))
}

// NotServing returns why a pod that a Service selects does not serve it: empty if it does.
func NotServing(pod *corev1.Pod, service *corev1.Service) string {
	switch {
	case pod.DeletionTimestamp != nil:
		return "terminating"
	case pod.Status.Phase == corev1.PodSucceeded || pod.Status.Phase == corev1.PodFailed:
		return string(pod.Status.Phase)
	}
	if ready := condition(pod, corev1.PodReady); ready == nil || ready.Status != corev1.ConditionTrue {
		return notReady(pod)
	}
	if pod.Status.PodIP == "" {
		return "has no IP yet"
	}
	return unresolvedPort(pod, service)
}

// UnavailableFor returns how long a ready pod must still stay ready to count as available, 0 if it
// does. The source is IsPodAvailable in pkg/api/v1/pod of Kubernetes.
func UnavailableFor(pod *corev1.Pod, minReady time.Duration, now time.Time) time.Duration {
	ready := condition(pod, corev1.PodReady)
	if ready == nil || ready.Status != corev1.ConditionTrue {
		return minReady
	}
	return max(0, ready.LastTransitionTime.Add(minReady).Sub(now))
}

func unresolvedPort(pod *corev1.Pod, service *corev1.Service) string {
	for _, port := range service.Spec.Ports {
		if _, ok := ResolvePort(&pod.Spec, port); !ok {
			return fmt.Sprintf("declares no %s port named %q, the targetPort of the Service", protocol(port.Protocol), port.TargetPort.StrVal)
		}
	}
	return ""
}

func condition(pod *corev1.Pod, kind corev1.PodConditionType) *corev1.PodCondition {
	for i := range pod.Status.Conditions {
		if pod.Status.Conditions[i].Type == kind {
			return &pod.Status.Conditions[i]
		}
	}
	return nil
}
