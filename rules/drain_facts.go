package rules

import (
	"context"
	"strconv"
	"strings"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"

	"greenlight.dev/greenlight/state"
)

// isControlled reports whether another workload decides about this one's replicas.
func isControlled(workload state.Object) bool { return metav1.GetControllerOf(workload) != nil }

// losesByOrdinal reports whether a workload that is scaled down may lose the pods that serve and keep
// those that do not. A ReplicaSet deletes the pods that are not ready first; the source is
// ActivePodsWithRanks in pkg/controller of Kubernetes.
func losesByOrdinal(workload state.Object) bool {
	_, isStatefulSet := workload.(*appsv1.StatefulSet)
	return isStatefulSet
}

// servicesNow reads live which Services select the workload's pods: a Service that was just switched to
// it must count.
func servicesNow(ctx context.Context, pass *Pass, workload state.Object) ([]*corev1.Service, error) {
	services, complete, err := state.List[*corev1.Service](ctx, pass.State, state.Query{
		Kind: state.Service, Namespace: workload.GetNamespace(), Selecting: state.TemplateLabels(workload), Live: true,
	})
	if err != nil {
		return nil, err
	}
	if !complete {
		return nil, state.Unknown{Reason: "which pods serve can only be known in the cluster"}
	}
	return services, nil
}

// namespaceEnds reports whether the namespace is being deleted with everything in it.
func namespaceEnds(ctx context.Context, pass *Pass, name string) (bool, error) {
	namespace, err := get[*corev1.Namespace](ctx, pass.State, state.Query{Kind: state.Namespace, Name: name})
	if err != nil || namespace == nil {
		return false, err
	}
	return (*namespace).DeletionTimestamp != nil, nil
}

// leavingPods returns whether a pod goes when the workload keeps only the remaining ones.
func leavingPods(ctx context.Context, pass *Pass, workload state.Object, remaining int) (func(*corev1.Pod) bool, error) {
	owners := map[types.UID]bool{workload.GetUID(): true}
	if deployment, ok := workload.(*appsv1.Deployment); ok {
		replicaSets, _, err := state.List[*appsv1.ReplicaSet](ctx, pass.State, state.Query{
			Kind: state.ReplicaSet, Namespace: deployment.Namespace, OwnedBy: deployment.UID, Labels: state.Selector(deployment), Live: true,
		})
		if err != nil {
			return nil, err
		}
		for _, replicaSet := range replicaSets {
			owners[replicaSet.UID] = true
		}
	}
	first := firstOrdinal(workload)
	return func(pod *corev1.Pod) bool {
		owner := metav1.GetControllerOf(pod)
		return owner != nil && owners[owner.UID] && (remaining == 0 || ordinal(pod) >= first+remaining)
	}, nil
}

func firstOrdinal(workload state.Object) int {
	if statefulSet, ok := workload.(*appsv1.StatefulSet); ok && statefulSet.Spec.Ordinals != nil {
		return int(statefulSet.Spec.Ordinals.Start)
	}
	return 0
}

// ordinal is the number at the end of the name of a StatefulSet's pod.
func ordinal(pod *corev1.Pod) int {
	number, err := strconv.Atoi(pod.Name[strings.LastIndex(pod.Name, "-")+1:])
	if err != nil {
		return 0
	}
	return number
}
