package rules

import (
	"context"
	"fmt"

	appsv1 "k8s.io/api/apps/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"greenlight.dev/greenlight/state"
	"greenlight.dev/greenlight/traffic"
)

var autoscalerSingleReplica = &Rule{
	ID: "autoscaler-single-replica",
	Doc: `# At low load one pod serves alone

A HorizontalPodAutoscaler goes down to its minReplicas when the load is low: 1 where it does not say. A
Service with one pod behind it is down whenever that pod is: when its node is drained, when it is
evicted, when it crashes.

## Wrong

    kind: HorizontalPodAutoscaler
    spec:
      minReplicas: 1

## Right

    kind: HorizontalPodAutoscaler
    spec:
      minReplicas: 2

## How to fix it

Set minReplicas of the autoscaler to at least 2. The number of replicas in the Deployment makes no
difference.
`,
	Kinds: deployments,
	Reads: []schema.GroupVersionKind{state.Service, state.HorizontalPodAutoscaler},
	Run:   runAutoscalerSingleReplica,
}

func runAutoscalerSingleReplica(ctx context.Context, pass *Pass) error {
	deployment := pass.Object.(*appsv1.Deployment)
	if hasNoPods(deployment) {
		// The autoscaler leaves a Deployment alone that was scaled to 0.
		return nil
	}
	found, err := servedBy(ctx, pass, deployment)
	if err != nil || len(found) == 0 {
		return err
	}
	autoscalers, err := scaledBy(ctx, pass, deployment)
	for _, autoscaler := range autoscalers {
		if least := traffic.Replicas(autoscaler.Spec.MinReplicas); least < 2 {
			pass.Report(Finding{
				Path: specPath.Child("replicas"),
				Message: fmt.Sprintf("HorizontalPodAutoscaler %s goes down to %s at low load: %s then has none to spare for a node drain or a crash.",
					autoscaler.Name, pods(least), names(found)),
				Fix: fmt.Sprintf("Set minReplicas: 2 or more in HorizontalPodAutoscaler %s.", autoscaler.Name),
			})
		}
	}
	return err
}
