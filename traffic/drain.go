package traffic

import (
	"fmt"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
)

// Drain is a change that takes pods away from a Service.
type Drain struct {
	Service *corev1.Service
	// Serving are the pods that serve the Service now.
	Serving []*corev1.Pod
	// Leaving are those of them that the change takes.
	Leaving []*corev1.Pod
	// Staying are pods that serve once everything that was asked for is done: an earlier change may have
	// taken more of Serving, or is replacing them.
	Staying []*corev1.Pod
}

// Loses reports whether the Service has a port that a pod serves which leaves, and none that stays.
func (d Drain) Loses() bool { return d.Unserved() != "" }

// Unserved says for a message what no pod serves any more, "it" being the Service: "it", "its port admin".
// It is empty where nothing is lost. Ports are judged one by one, as EndpointSlices list them.
func (d Drain) Unserved() string {
	staying := Serving(d.Staying, d.Service)
	lost := d.lostPorts(staying)
	switch {
	case len(d.Leaving) > 0 && len(staying) == 0:
		return "it"
	case len(lost) > 0:
		return fmt.Sprintf("its %s %s", plural(len(lost), "port", "ports"), strings.Join(portNames(lost), ", "))
	}
	return ""
}

// Decide denies a drain that loses something.
func (d Drain) Decide() Decision {
	unserved := d.Unserved()
	if unserved == "" {
		return Decision{}
	}
	going := d.going()
	return Decision{
		Outcome: Deny,
		Reason: fmt.Sprintf("%s Service %s and would go, and no other pod serves %s",
			plural(going, "1 pod serves", fmt.Sprintf("%d pods serve", going)), d.Service.Name, unserved),
		Fix: fmt.Sprintf("First switch Service %s to pods that are ready, or delete it.", d.Service.Name),
	}
}

// going counts the pods with which goes what no other serves.
func (d Drain) going() int {
	staying := Serving(d.Staying, d.Service)
	if len(staying) == 0 {
		return len(d.Serving)
	}
	lost := d.lostPorts(staying)
	going := slices.DeleteFunc(slices.Clone(d.Serving), func(pod *corev1.Pod) bool {
		return !slices.ContainsFunc(lost, func(port corev1.ServicePort) bool { return resolves(pod, port) })
	})
	return len(going)
}

func (d Drain) lostPorts(staying []*corev1.Pod) []corev1.ServicePort {
	return slices.DeleteFunc(slices.Clone(d.Service.Spec.Ports), func(port corev1.ServicePort) bool {
		serves := func(pod *corev1.Pod) bool { return resolves(pod, port) }
		return !slices.ContainsFunc(d.Leaving, serves) || slices.ContainsFunc(staying, serves)
	})
}

// portNames returns the names of ports: the number of one that has none.
func portNames(ports []corev1.ServicePort) []string {
	var names []string
	for _, port := range ports {
		if port.Name == "" {
			names = append(names, fmt.Sprint(port.Port))
		} else {
			names = append(names, port.Name)
		}
	}
	return names
}
