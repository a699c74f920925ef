package rules

import (
	"context"
	"fmt"
	"slices"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"

	"greenlight.dev/greenlight/state"
)

// podsOf reads the pods that a Service selects as they are now, and says whether that is all of them.
func podsOf(ctx context.Context, reader state.Reader, service *corev1.Service) (pods []*corev1.Pod, complete bool, err error) {
	return state.List[*corev1.Pod](ctx, reader, state.Query{
		Kind: state.Pod, Namespace: service.Namespace, Labels: state.ServiceSelector(service), Live: true,
	})
}

// replicaSetsOf reads the ReplicaSets that a Deployment controls, or is about to, as they are now.
func replicaSetsOf(ctx context.Context, reader state.Reader, deployment *appsv1.Deployment) ([]*appsv1.ReplicaSet, error) {
	replicaSets, _, err := state.List[*appsv1.ReplicaSet](ctx, reader, state.Query{
		Kind: state.ReplicaSet, Namespace: deployment.Namespace, Live: true,
		Labels: state.Selector(deployment),
	})
	return slices.DeleteFunc(replicaSets, func(replicaSet *appsv1.ReplicaSet) bool { return !controls(deployment, replicaSet) }), err
}

// servicesOf reads the Services of a namespace that have pods as they are now: one that was just switched
// must count, and one that is being deleted does not.
func servicesOf(ctx context.Context, reader state.Reader, namespace string) ([]*corev1.Service, error) {
	found, complete, err := state.List[*corev1.Service](ctx, reader, state.Query{Kind: state.Service, Namespace: namespace, Live: true})
	if err != nil {
		return nil, err
	}
	if !complete {
		return nil, state.Unknown{Reason: "which pods serve can only be known in the cluster"}
	}
	return slices.DeleteFunc(found, func(service *corev1.Service) bool {
		return !selectsPods(service) || service.DeletionTimestamp != nil
	}), nil
}

// get reads one object as it is now: nil if there is none of that name.
func get[T state.Object](ctx context.Context, reader state.Reader, query state.Query) (*T, error) {
	query.Live = true
	found, _, err := state.List[T](ctx, reader, query)
	if err != nil || len(found) == 0 {
		return nil, err
	}
	if len(found) > 1 {
		return nil, fmt.Errorf("%d objects are named %s %s/%s", len(found), query.Kind.Kind, query.Namespace, query.Name)
	}
	return &found[0], nil
}
