package rules

import (
	"fmt"
	"slices"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/validation/field"

	"greenlight.dev/greenlight/api/v1alpha1"
	"greenlight.dev/greenlight/traffic"
)

// unresolved returns the ports of a Service that lead nowhere on pods of this spec.
func unresolved(service *corev1.Service, spec *corev1.PodSpec) []corev1.ServicePort {
	if !selectsPods(service) {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(service.Spec.Ports), func(port corev1.ServicePort) bool {
		_, resolved := traffic.ResolvePort(spec, port)
		return resolved
	})
}

// unresolvedLimit is milder where clients find the pods by DNS, which lists them with or without the
// port.
func unresolvedLimit(service *corev1.Service) v1alpha1.Mode {
	if service.Spec.ClusterIP == corev1.ClusterIPNone {
		return v1alpha1.Warn
	}
	return ""
}

// portsPath is where a container would declare a port.
func portsPath(spec *corev1.PodSpec) *field.Path {
	if len(spec.Containers) == 1 {
		return containerPath("containers", spec.Containers[0].Name).Child("ports")
	}
	return templatePath.Child("containers")
}

// portPath is the field of a port of a Service. Only its one port may be without a name.
func portPath(port corev1.ServicePort) *field.Path {
	if port.Name == "" {
		return specPath.Child("ports").Index(0)
	}
	return specPath.Child("ports").Key(fmt.Sprintf("name=%q", port.Name))
}
