package rules

import (
	"context"
	"maps"
	"slices"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"

	"greenlight.dev/greenlight/state"
	"greenlight.dev/greenlight/traffic"
)

// canarySplit is how the pods behind a Service divide into tracks.
type canarySplit struct {
	service *corev1.Service
	// before is by the pods that serve now: nil where none does, or where pods are not known.
	before traffic.Shares
	// after takes the pods that a changed workload wants, and those that serve now of the others. Where
	// before is nil, it takes what every workload wants.
	after traffic.Shares
}

// canarySplits returns the splits of the Services behind which several tracks stand, and that the object or
// its change has a part in.
func canarySplits(ctx context.Context, pass *Pass, trackLabel string) ([]canarySplit, error) {
	services, err := splitServices(ctx, pass)
	if err != nil {
		return nil, err
	}
	var splits []canarySplit
	for _, service := range services {
		wanted, err := wantedShares(ctx, pass, service, trackLabel)
		if err != nil {
			return nil, err
		}
		old, isUpdate := pass.Old.(*corev1.Service)
		if len(wanted) < 2 && isUpdate {
			if wanted, err = wantedShares(ctx, pass, old, trackLabel); err != nil {
				return nil, err
			}
		}
		if len(wanted) < 2 {
			continue
		}
		split, err := serviceSplit(ctx, pass, service, wanted, trackLabel)
		if err != nil {
			return nil, err
		}
		splits = append(splits, split)
	}
	return splits, nil
}

// splitServices returns the Services whose split the object has a part in. An update of a Deployment has one
// only where it changes the number or the labels of its pods.
func splitServices(ctx context.Context, pass *Pass) ([]*corev1.Service, error) {
	if service, ok := pass.Object.(*corev1.Service); ok {
		if !selectsPods(service) || isHeadless(service) {
			return nil, nil
		}
		return []*corev1.Service{service}, nil
	}
	relabelled := pass.Op == Update && !maps.Equal(state.TemplateLabels(pass.Old), state.TemplateLabels(pass.Object))
	if pass.Op == Update && !relabelled && traffic.ReplicasOf(pass.Old) == traffic.ReplicasOf(pass.Object) {
		return nil, nil
	}
	services, err := servedBy(ctx, pass, pass.Object)
	if err != nil {
		return nil, err
	}
	if relabelled {
		left, err := servedBy(ctx, pass, pass.Old)
		if err != nil {
			return nil, err
		}
		again := func(service *corev1.Service) bool { return traffic.Selects(service, state.TemplateLabels(pass.Object)) }
		services = append(services, slices.DeleteFunc(left, again)...)
	}
	return slices.DeleteFunc(services, isHeadless), nil
}

// serviceSplit counts the pods that serve a Service.
func serviceSplit(ctx context.Context, pass *Pass, service *corev1.Service, wanted traffic.Shares, trackLabel string) (canarySplit, error) {
	now := service
	if old, ok := pass.Old.(*corev1.Service); ok {
		now = old
	}
	serving, err := servingPods(ctx, pass, now)
	if err != nil || len(serving) == 0 {
		return canarySplit{service: service, after: wanted}, err
	}
	split := canarySplit{service: service, before: traffic.SharesOf(serving, trackLabel)}
	if now != service {
		serving, err = servingPods(ctx, pass, service)
		split.after = traffic.SharesOf(serving, trackLabel)
		return split, err
	}
	split.after, err = sharesAfter(ctx, pass, service, serving, trackLabel)
	return split, err
}

func servingPods(ctx context.Context, pass *Pass, service *corev1.Service) ([]*corev1.Pod, error) {
	pods, _, err := podsOf(ctx, pass.State, service)
	return traffic.Serving(pods, service), err
}

// sharesAfter puts the pods that the Deployment under judgement wants in the place of those that it has.
func sharesAfter(ctx context.Context, pass *Pass, service *corev1.Service, serving []*corev1.Pod, trackLabel string) (traffic.Shares, error) {
	shares := traffic.SharesOf(serving, trackLabel)
	deployment, ok := pass.Object.(*appsv1.Deployment)
	if !ok || pass.Op == Rest {
		return shares, nil
	}
	if pass.Op != Create {
		own, err := ownPodsOf(ctx, pass.State, deployment)
		if err != nil {
			return nil, err
		}
		for _, pod := range traffic.Serving(own.pods, service) {
			shares[pod.Labels[trackLabel]]--
		}
	}
	if podLabels := deployment.Spec.Template.Labels; pass.Op != Delete && traffic.Selects(service, podLabels) {
		shares[podLabels[trackLabel]] += traffic.ReplicasOf(deployment)
	}
	return shares, nil
}
