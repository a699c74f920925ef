package traffic

import (
	"slices"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
)

// ResolvePort returns the container port that a Service port leads to on pods of this spec, and
// whether there is one. A numeric target always resolves: container ports are informational. The
// source is FindPort in pkg/api/v1/pod of Kubernetes: sidecars among the init containers count.
func ResolvePort(spec *corev1.PodSpec, port corev1.ServicePort) (int32, bool) {
	if port.TargetPort.Type == intstr.Int {
		return targetNumber(port), true
	}
	for _, container := range portOwners(spec) {
		for _, declared := range container.Ports {
			if declared.Name == port.TargetPort.StrVal && protocol(declared.Protocol) == protocol(port.Protocol) {
				return declared.ContainerPort, true
			}
		}
	}
	return 0, false
}

// namedPorts returns the ports that a Service may name as its target.
func namedPorts(spec *corev1.PodSpec) []corev1.ContainerPort {
	var named []corev1.ContainerPort
	for _, container := range portOwners(spec) {
		for _, port := range container.Ports {
			if port.Name != "" {
				named = append(named, port)
			}
		}
	}
	return named
}

// Targets reports whether a Service port leads to a port that the container declares.
func Targets(container *corev1.Container, port corev1.ServicePort) bool {
	return slices.ContainsFunc(container.Ports, func(declared corev1.ContainerPort) bool {
		if protocol(declared.Protocol) != protocol(port.Protocol) {
			return false
		}
		if port.TargetPort.Type == intstr.String {
			return declared.Name == port.TargetPort.StrVal
		}
		return declared.ContainerPort == targetNumber(port)
	})
}

// targetNumber returns a numeric target port. The API server fills in port where it is left out.
func targetNumber(port corev1.ServicePort) int32 {
	if port.TargetPort.IntVal == 0 {
		return port.Port
	}
	return port.TargetPort.IntVal
}

func portOwners(spec *corev1.PodSpec) []corev1.Container {
	owners := slices.Clone(spec.Containers)
	for _, container := range spec.InitContainers {
		if IsSidecar(&container) {
			owners = append(owners, container)
		}
	}
	return owners
}

// IsSidecar reports whether an init container keeps running beside the containers.
func IsSidecar(container *corev1.Container) bool {
	return container.RestartPolicy != nil && *container.RestartPolicy == corev1.ContainerRestartPolicyAlways
}

func protocol(p corev1.Protocol) corev1.Protocol {
	if p == "" {
		return corev1.ProtocolTCP
	}
	return p
}
