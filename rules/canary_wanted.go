package rules

import (
	"context"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"

	"greenlight.dev/greenlight/state"
	"greenlight.dev/greenlight/traffic"
)

// wantedShares are how many pods of each track the workloads behind a Service want. It returns state.Unknown
// where there may be others.
func wantedShares(ctx context.Context, pass *Pass, service *corev1.Service, trackLabel string) (traffic.Shares, error) {
	shares := traffic.Shares{}
	add := func(workload state.Object) {
		podLabels := state.TemplateLabels(workload)
		if !isRevision(workload) && traffic.Selects(service, podLabels) {
			shares[podLabels[trackLabel]] += traffic.ReplicasOf(workload)
		}
	}
	for _, kind := range workloads {
		found, complete, err := state.List[state.Object](ctx, pass.State, state.Query{
			Kind: kind, Namespace: service.Namespace, TemplateLabels: state.ServiceSelector(service),
		})
		if err != nil {
			return nil, err
		}
		if !complete {
			return nil, state.Unknown{Reason: "how the requests of Service " + service.Name + " divide is only known with every workload that it selects"}
		}
		for _, workload := range found {
			if !isJudged(pass, workload) {
				add(workload)
			}
		}
	}
	if _, isService := pass.Object.(*corev1.Service); !isService {
		add(pass.Object)
	}
	if old, ok := pass.Old.(*appsv1.Deployment); ok && traffic.Selects(service, old.Spec.Template.Labels) {
		// A track that its pods leave is one still.
		shares[old.Spec.Template.Labels[trackLabel]] += 0
	}
	return shares, nil
}

func isJudged(pass *Pass, workload state.Object) bool {
	_, isDeployment := workload.(*appsv1.Deployment)
	_, judgesDeployment := pass.Object.(*appsv1.Deployment)
	return isDeployment && judgesDeployment && workload.GetName() == pass.Object.GetName()
}
