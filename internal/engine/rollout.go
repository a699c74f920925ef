package engine

import (
	"context"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"greenlight.dev/greenlight/state"
	"greenlight.dev/greenlight/traffic"
)

// rollout reads what the controller of a Deployment goes by, past any cache. It is nil where the Deployment or the
// ReplicaSet that it is to go to is gone.
func (j *judgement) rollout(ctx context.Context, old *appsv1.Deployment, target *appsv1.ReplicaSet) (*traffic.Rollout, error) {
	deployments, _, err := state.List[*appsv1.Deployment](ctx, j.request.State, state.Query{
		Kind: state.Deployment, Namespace: old.Namespace, Name: old.Name, Live: true,
	})
	if err != nil || len(deployments) == 0 {
		return nil, err
	}
	rollout := &traffic.Rollout{Deployment: deployments[0]}
	if rollout.ReplicaSets, err = ownReplicaSets(ctx, j.request.State, deployments[0]); err != nil {
		return nil, err
	}
	for _, replicaSet := range rollout.ReplicaSets {
		if replicaSet.UID == target.UID {
			rollout.Target = replicaSet
		}
	}
	if rollout.Target == nil {
		return nil, nil
	}
	rollout.Pods, _, err = state.List[*corev1.Pod](ctx, j.request.State, state.Query{
		Kind: state.Pod, Namespace: old.Namespace, Labels: state.Selector(deployments[0]), Live: true,
	})
	return rollout, err
}

func ownReplicaSets(ctx context.Context, reader state.Reader, deployment *appsv1.Deployment) ([]*appsv1.ReplicaSet, error) {
	selected, _, err := state.List[*appsv1.ReplicaSet](ctx, reader, state.Query{
		Kind: state.ReplicaSet, Namespace: deployment.Namespace, Labels: state.Selector(deployment), Live: true,
	})
	var own []*appsv1.ReplicaSet
	for _, replicaSet := range selected {
		if metav1.IsControlledBy(replicaSet, deployment) {
			own = append(own, replicaSet)
		}
	}
	return own, err
}
