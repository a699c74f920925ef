package rules

import (
	"context"

	appsv1 "k8s.io/api/apps/v1"
	autoscalingv2 "k8s.io/api/autoscaling/v2"

	"greenlight.dev/greenlight/state"
)

// scaledBy returns the autoscalers that target a Deployment. It returns state.Unknown where none is
// seen and there may be others.
func scaledBy(ctx context.Context, pass *Pass, deployment *appsv1.Deployment) ([]*autoscalingv2.HorizontalPodAutoscaler, error) {
	found, complete, err := state.List[*autoscalingv2.HorizontalPodAutoscaler](ctx, pass.State, state.Query{
		Kind: state.HorizontalPodAutoscaler, Namespace: deployment.Namespace,
		Scaling: state.Workload{Group: state.Deployment.Group, Kind: state.Deployment.Kind, Name: deployment.Name},
	})
	if err != nil {
		return nil, err
	}
	if len(found) == 0 && !complete {
		return nil, state.Unknown{Reason: "no HorizontalPodAutoscaler that targets this Deployment was seen, and not every one is known"}
	}
	return found, nil
}
