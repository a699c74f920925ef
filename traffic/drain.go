package traffic

import (
	"fmt"

	corev1 "k8s.io/api/core/v1"
)

// Drain is a change that takes pods away from a Service.
type Drain struct {
	Service *corev1.Service
	// Pods are all that the Service selects.
	Pods []*corev1.Pod
	// Leaving reports whether the change takes a pod away.
	Leaving func(*corev1.Pod) bool
}

// Decide denies a drain after which no pod serves the Service, although one does now.
func (d Drain) Decide() Decision {
	leaving, staying := 0, 0
	for _, pod := range Serving(d.Pods, d.Service) {
		if d.Leaving(pod) {
			leaving++
		} else {
			staying++
		}
	}
	if leaving == 0 || staying > 0 {
		return Decision{}
	}
	return Decision{
		Outcome: Deny,
		Reason: fmt.Sprintf("%s Service %s and would go, and no other pod serves it",
			plural(leaving, "1 pod serves", fmt.Sprintf("%d pods serve", leaving)), d.Service.Name),
		Fix: fmt.Sprintf("First switch Service %s to pods that are ready, or delete it.", d.Service.Name),
	}
}
