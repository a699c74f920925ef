package rules

import (
	"context"
	"fmt"

	appsv1 "k8s.io/api/apps/v1"
	policyv1 "k8s.io/api/policy/v1"

	"greenlight.dev/greenlight/state"
	"greenlight.dev/greenlight/traffic"
)

// leastCovered is how many pods the Deployments have at the least that the budget covers. Where their
// number decides nothing, it is that of the Deployment under judgement.
func leastCovered(ctx context.Context, pass *Pass, budget *policyv1.PodDisruptionBudget) (int, error) {
	deployment := pass.Object.(*appsv1.Deployment)
	if !dependsOnCount(budget) {
		return traffic.ReplicasOf(deployment), nil
	}
	covered, complete, err := otherDeployments(ctx, pass, state.Query{TemplateLabels: state.Selector(budget)})
	if err != nil {
		return 0, err
	}
	if !complete {
		return 0, state.Unknown{Reason: fmt.Sprintf("whether PodDisruptionBudget %s covers other Deployments is not known", budget.Name)}
	}
	total := 0
	for _, each := range append(covered, deployment) {
		least, err := leastReplicas(ctx, pass, each)
		if err != nil {
			return 0, err
		}
		total += least
	}
	return total, nil
}

// leastReplicas is how many pods a Deployment has at the least: an autoscaler may go down to its minimum,
// but leaves alone what is scaled to 0.
func leastReplicas(ctx context.Context, pass *Pass, deployment *appsv1.Deployment) (int, error) {
	replicas := traffic.ReplicasOf(deployment)
	if replicas == 0 {
		return 0, nil
	}
	autoscalers, err := scaledBy(ctx, pass, deployment)
	if err != nil || len(autoscalers) == 0 {
		return replicas, err
	}
	return traffic.Replicas(autoscalers[0].Spec.MinReplicas), nil
}
