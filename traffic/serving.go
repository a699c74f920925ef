package traffic

import (
	"fmt"
	"slices"
	"time"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/labels"

	"greenlight.dev/greenlight/state"
)

// Serving returns the pods that serve a Service now: what its EndpointSlices list as ready, on one port
// at least. The source is getEndpointPorts in k8s.io/endpointslice: a port that a pod does not resolve is
// left out, and the pod is listed with the others.
func Serving(pods []*corev1.Pod, service *corev1.Service) []*corev1.Pod {
	var serving []*corev1.Pod
	for _, pod := range pods {
		if Selects(service, pod.Labels) && NotServing(pod, service) == "" {
			serving = append(serving, pod)
		}
	}
	return serving
}

// Selects reports whether a Service selects pods with these labels. Without a selector it selects none, nor
// as an external name.
func Selects(service *corev1.Service, podLabels map[string]string) bool {
	return service.Spec.Type != corev1.ServiceTypeExternalName && state.ServiceSelector(service).Matches(labels.Set(podLabels))
}

func selectsPods(service *corev1.Service) bool {
	return service.Spec.Type != corev1.ServiceTypeExternalName && len(service.Spec.Selector) > 0
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
	return unresolvedPorts(pod, service)
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

// unresolvedPorts names the first port where a pod resolves none of the Service's. A headless Service may
// have no port at all.
func unresolvedPorts(pod *corev1.Pod, service *corev1.Service) string {
	ports := service.Spec.Ports
	if len(ports) == 0 || slices.ContainsFunc(ports, func(port corev1.ServicePort) bool { return resolves(pod, port) }) {
		return ""
	}
	return undeclaredName(ports[0])
}

func undeclaredName(port corev1.ServicePort) string {
	return fmt.Sprintf("declares no %s port named %q, the targetPort of the Service", protocol(port.Protocol), port.TargetPort.StrVal)
}

func condition(pod *corev1.Pod, kind corev1.PodConditionType) *corev1.PodCondition {
	for i := range pod.Status.Conditions {
		if pod.Status.Conditions[i].Type == kind {
			return &pod.Status.Conditions[i]
		}
	}
	return nil
}
