package mutate

import (
	"cmp"
	"context"
	"slices"

	corev1 "k8s.io/api/core/v1"

	"greenlight.dev/greenlight/state"
	"greenlight.dev/greenlight/traffic"
)

// target is a container that gets traffic, and the TCP port that it gets it on.
type target struct {
	index int
	port  int32
}

// lacking returns the targets that lack something, in the order of the containers. It asks the
// cluster only where a container that could be a target lacks it.
func (p *Pass) lacking(ctx context.Context, lacks func(*corev1.Container) bool) ([]target, error) {
	containers := p.podSpec().Containers
	open := false
	for i := range containers {
		open = open || lacks(&containers[i]) && firstPort(&containers[i]) != 0
	}
	if !open {
		return nil, nil
	}
	targets, err := p.targets.get(func() ([]target, error) { return p.findTargets(ctx) })
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(slices.Clone(targets), func(t target) bool { return !lacks(&containers[t.index]) }), nil
}

// findTargets returns nothing for a template that stays as it is: it is not changed anyway, and the
// Services need not be listed.
func (p *Pass) findTargets(ctx context.Context) ([]target, error) {
	if changed, err := p.templateChanges(); err != nil || !changed {
		return nil, err
	}
	services, _, err := state.List[*corev1.Service](ctx, p.State, state.Query{
		Kind:      state.Service,
		Namespace: p.Deployment.Namespace,
		Selecting: p.Deployment.Spec.Template.Labels,
	})
	if err != nil {
		return nil, err
	}
	services = slices.DeleteFunc(services, sendsNoTraffic)
	if len(services) == 0 {
		return declaredTargets(p.podSpec()), nil
	}
	return servedTargets(p.podSpec(), services), nil
}

// sendsNoTraffic reports whether a Service is a mere alias: its selector is not used.
func sendsNoTraffic(service *corev1.Service) bool {
	return service.Spec.Type == corev1.ServiceTypeExternalName
}

// declaredTargets returns the containers that declare a TCP port. No Service is known yet: mostly the
// Deployment is created before its Service.
func declaredTargets(spec *corev1.PodSpec) []target {
	var targets []target
	for i := range spec.Containers {
		if port := firstPort(&spec.Containers[i]); port != 0 {
			targets = append(targets, target{i, port})
		}
	}
	return targets
}

// servedTargets returns the containers that the Services target, each with the first port of the first
// Service. A port that no container declares is nobody's: which one listens there would be a guess.
func servedTargets(spec *corev1.PodSpec, services []*corev1.Service) []target {
	var targets []target
	for _, service := range services {
		for _, port := range service.Spec.Ports {
			if !isTCP(port.Protocol) {
				continue
			}
			number, resolved := traffic.ResolvePort(spec, port)
			if i := declaring(spec, number); resolved && i >= 0 {
				targets = append(targets, target{i, number})
			}
		}
	}
	slices.SortStableFunc(targets, func(a, b target) int { return cmp.Compare(a.index, b.index) })
	return slices.CompactFunc(targets, func(a, b target) bool { return a.index == b.index })
}

// declaring returns the index of the container that declares a TCP port: -1 if none does.
func declaring(spec *corev1.PodSpec, port int32) int {
	return slices.IndexFunc(spec.Containers, func(container corev1.Container) bool {
		return declares(&container, port)
	})
}
