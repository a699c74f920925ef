package traffic

import (
	"fmt"
	"slices"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
)

// undeclared warns where the change leads to a port number that the pods do not declare, although what
// serves now does declare its own. It only warns, as container ports are informational.
func (s Switch) undeclared() Decision {
	if undeclaredPort(s.servingOld(), s.Old) != "" {
		return Decision{}
	}
	if port := undeclaredPort(s.servingNew(), s.New); port != "" {
		return Decision{AllowWithWarning, port, "Make sure that the pods listen on it."}
	}
	return Decision{}
}

// undeclaredPort names the first port number that a Service leads to and that a pod does not declare.
func undeclaredPort(pods []*corev1.Pod, service *corev1.Service) string {
	for _, port := range service.Spec.Ports {
		if port.TargetPort.Type != intstr.Int {
			continue
		}
		for _, pod := range pods {
			declares := func(container corev1.Container) bool { return Targets(&container, port) }
			if !slices.ContainsFunc(portOwners(&pod.Spec), declares) {
				return fmt.Sprintf("%s declares no %s port %d, the targetPort of the Service", pod.Name, protocol(port.Protocol), targetNumber(port))
			}
		}
	}
	return ""
}
