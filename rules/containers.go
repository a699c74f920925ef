package rules

import (
	"slices"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/validation/field"

	"greenlight.dev/greenlight/traffic"
)

// placed is a container of a pod template with the field that lists it.
type placed struct {
	*corev1.Container
	list string
}

func (p placed) path() *field.Path { return containerPath(p.list, p.Name) }

// allContainers returns the containers of a pod, those that prepare it first.
func allContainers(spec *corev1.PodSpec) []placed {
	return slices.Concat(place("initContainers", spec.InitContainers), place("containers", spec.Containers))
}

// probedContainers returns the containers that may have probes: all but the init containers that end.
func probedContainers(spec *corev1.PodSpec) []placed {
	ends := func(container placed) bool { return !traffic.IsSidecar(container.Container) }
	sidecars := slices.DeleteFunc(place("initContainers", spec.InitContainers), ends)
	return slices.Concat(sidecars, place("containers", spec.Containers))
}

func place(list string, containers []corev1.Container) []placed {
	all := make([]placed, len(containers))
	for i := range containers {
		all[i] = placed{&containers[i], list}
	}
	return all
}
