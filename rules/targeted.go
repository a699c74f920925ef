package rules

import (
	"context"
	"fmt"
	"slices"
	"strings"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"

	"greenlight.dev/greenlight/state"
	"greenlight.dev/greenlight/traffic"
)

// reportTargeted reports what finding says of each container that a Service leads to and that lacks
// something. It returns state.Unknown where a Service that was not seen may lead to another one.
func reportTargeted(ctx context.Context, pass *Pass, lacks func(*corev1.Container) bool, finding func(*corev1.Container, []*corev1.Service) Finding) error {
	deployment := pass.Object.(*appsv1.Deployment)
	found, complete, err := selecting(ctx, pass, deployment)
	if err != nil {
		return err
	}
	spec := &deployment.Spec.Template.Spec
	var doubtful []string
	for i := range spec.Containers {
		container := &spec.Containers[i]
		switch {
		case !lacks(container):
		case isTargeted(spec, container, found):
			pass.Report(finding(container, found))
		case !complete && canBeTargeted(spec, container):
			doubtful = append(doubtful, fmt.Sprintf("%q", container.Name))
		}
	}
	if len(doubtful) > 0 {
		return state.Unknown{Reason: fmt.Sprintf("no Service that leads to container %s was seen, and not every Service is known", strings.Join(doubtful, " or "))}
	}
	return nil
}

// isTargeted reports whether one of the Services that select the pods leads to the container: to a port
// that it declares, or to any port of the only container, as a port need not be declared.
func isTargeted(spec *corev1.PodSpec, container *corev1.Container, services []*corev1.Service) bool {
	return len(services) > 0 && len(spec.Containers) == 1 || slices.ContainsFunc(services, func(service *corev1.Service) bool {
		return slices.ContainsFunc(service.Spec.Ports, func(port corev1.ServicePort) bool {
			return traffic.Targets(container, port)
		})
	})
}

// canBeTargeted reports whether there may be a Service that leads to the container.
func canBeTargeted(spec *corev1.PodSpec, container *corev1.Container) bool {
	return len(spec.Containers) == 1 || len(container.Ports) > 0
}
