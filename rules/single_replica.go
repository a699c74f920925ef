package rules

import (
	"context"
	"fmt"
	"slices"

	appsv1 "k8s.io/api/apps/v1"
	autoscalingv2 "k8s.io/api/autoscaling/v2"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"greenlight.dev/greenlight/state"
	"greenlight.dev/greenlight/traffic"
)

var singleReplica = &Rule{
	ID: "single-replica",
	Doc: `# One pod serves alone

A Service with one pod behind it is down whenever that pod is: when its node is drained, when it is
evicted, when it crashes. A rolling update is the only event that a single replica survives.

An autoscaler that keeps at least 2 replicas passes.

## Wrong

    spec:
      replicas: 1

## Right

    spec:
      replicas: 2

## How to fix it

Run at least 2 replicas, with a PodDisruptionBudget that keeps 1. Where a second one is not possible,
exempt the Deployment and say why.
`,
	Kinds: deployments,
	Reads: []schema.GroupVersionKind{state.Service, state.HorizontalPodAutoscaler},
	Run:   runSingleReplica,
}

func runSingleReplica(ctx context.Context, pass *Pass) error {
	deployment := pass.Object.(*appsv1.Deployment)
	if traffic.Replicas(deployment.Spec.Replicas) != 1 {
		return nil
	}
	found, err := servedBy(ctx, pass, deployment)
	if err != nil || len(found) == 0 {
		return err
	}
	scaled, err := scaledAboveOne(ctx, pass, deployment)
	if err != nil || scaled {
		return err
	}
	pass.Report(Finding{
		Path:    specPath.Child("replicas"),
		Message: fmt.Sprintf("1 replica serves %s alone: a node drain or a crash takes it down.", names(found)),
		Fix:     "Set replicas: 2 or more.",
	})
	return nil
}

// scaledAboveOne reports whether an autoscaler keeps the Deployment at 2 replicas or more. It returns
// state.Unknown where none is seen and there may be others.
func scaledAboveOne(ctx context.Context, pass *Pass, deployment *appsv1.Deployment) (bool, error) {
	autoscalers, err := scaledBy(ctx, pass, deployment)
	return slices.ContainsFunc(autoscalers, func(autoscaler *autoscalingv2.HorizontalPodAutoscaler) bool {
		return traffic.Replicas(autoscaler.Spec.MinReplicas) >= 2
	}), err
}
