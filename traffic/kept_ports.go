package traffic

import (
	"slices"

	corev1 "k8s.io/api/core/v1"
)

// keptPort is a port of the Service as it is before and after the change.
type keptPort struct{ before, after corev1.ServicePort }

// keptPorts returns the ports that the Service has before and after the change. One that the change
// takes from the Service is not lost by accident.
func (s Switch) keptPorts() []keptPort {
	var kept []keptPort
	for _, before := range s.Old.Spec.Ports {
		if after, ok := successor(before, s.New.Spec.Ports); ok {
			kept = append(kept, keptPort{before, after})
		}
	}
	return kept
}

// successor returns the port that clients reach where they reached another: by number and protocol, or
// else by name.
func successor(before corev1.ServicePort, ports []corev1.ServicePort) (corev1.ServicePort, bool) {
	i := slices.IndexFunc(ports, func(after corev1.ServicePort) bool {
		return after.Port == before.Port && protocol(after.Protocol) == protocol(before.Protocol)
	})
	if i < 0 {
		i = slices.IndexFunc(ports, func(after corev1.ServicePort) bool { return after.Name == before.Name })
	}
	if i < 0 {
		return corev1.ServicePort{}, false
	}
	return ports[i], true
}

// needed returns the kept ports that some pod serves now. One that no pod serves cannot be lost.
func (s Switch) needed() []keptPort {
	serving := s.servingOld()
	return slices.DeleteFunc(s.keptPorts(), func(port keptPort) bool { return len(resolving(serving, port.before)) == 0 })
}

// notServingNeeded returns why a pod does not serve a Service on each port that is needed: empty if it does.
func notServingNeeded(pod *corev1.Pod, service *corev1.Service, needed []keptPort) string {
	if reason := NotServing(pod, service); reason != "" {
		return reason
	}
	for _, port := range needed {
		if !resolves(pod, port.after) {
			return undeclaredName(port.after)
		}
	}
	return ""
}

// losesPort reports whether a pod that stays selected loses a port of the Service that it has now.
func (s Switch) losesPort(pod *corev1.Pod) bool {
	lost := slices.ContainsFunc(s.keptPorts(), func(port keptPort) bool {
		return resolves(pod, port.before) && !resolves(pod, port.after)
	})
	return lost || unresolvedPorts(pod, s.Old) == "" && unresolvedPorts(pod, s.New) != ""
}

// scarcest returns how many pods serve now and would serve after the change, on the port that loses the
// largest part of them.
func (s Switch) scarcest() (before, after int) {
	old, updated := s.servingOld(), s.remaining()
	before, after = len(old), len(updated)
	for _, port := range s.needed() {
		now, then := len(resolving(old, port.before)), len(resolving(updated, port.after))
		if then*before < after*now {
			before, after = now, then
		}
	}
	return before, after
}

func resolving(pods []*corev1.Pod, port corev1.ServicePort) []*corev1.Pod {
	var found []*corev1.Pod
	for _, pod := range pods {
		if resolves(pod, port) {
			found = append(found, pod)
		}
	}
	return found
}

func resolves(pod *corev1.Pod, port corev1.ServicePort) bool {
	_, ok := ResolvePort(&pod.Spec, port)
	return ok
}
