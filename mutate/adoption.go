package mutate

import (
	corev1 "k8s.io/api/core/v1"
	apiequality "k8s.io/apimachinery/pkg/api/equality"
)

// adoptProbes removes the injected handler of each probe to which the Deployment's author has added
// one: apply merges the two, and the API server allows only one. The numbers stay as they are, for
// nothing tells the author's 5 from ours.
func (p *Pass) adoptProbes() {
	containers := p.podSpec().Containers
	for i := range containers {
		probe := containers[i].ReadinessProbe
		if probe == nil || !several(probe.Exec != nil, probe.HTTPGet != nil, probe.TCPSocket != nil, probe.GRPC != nil) {
			continue
		}
		if ours := probeHandler(probe.ProbeHandler, p.injected(containers[i].Name).ReadinessProbe); ours != "" {
			p.patch.Remove(containerPath(i, "readinessProbe", ours))
		}
	}
}

// probeHandler names the handler that equals the injected one: none if there is none.
func probeHandler(handler corev1.ProbeHandler, injected *corev1.ProbeHandler) string {
	switch {
	case injected == nil:
		return ""
	case injected.TCPSocket != nil && apiequality.Semantic.DeepEqual(handler.TCPSocket, injected.TCPSocket):
		return "tcpSocket"
	case injected.HTTPGet != nil && apiequality.Semantic.DeepEqual(handler.HTTPGet, injected.HTTPGet):
		return "httpGet"
	case injected.GRPC != nil && apiequality.Semantic.DeepEqual(handler.GRPC, injected.GRPC):
		return "grpc"
	}
	return ""
}

// sharesHook reports whether a preStop hook has a handler besides sleep.
func sharesHook(hook *corev1.LifecycleHandler) bool {
	return several(hook.Exec != nil, hook.HTTPGet != nil, hook.TCPSocket != nil, hook.Sleep != nil)
}

// several reports whether more than one condition holds.
func several(conditions ...bool) bool {
	count := 0
	for _, holds := range conditions {
		if holds {
			count++
		}
	}
	return count > 1
}
