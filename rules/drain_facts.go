package rules

import (
	"context"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/types"

	"greenlight.dev/greenlight/state"
)

// drainage collects, with live reads, what a deletion or a scale-down takes away.
type drainage struct {
	pass     *Pass
	workload state.Object
	// remaining is how many pods the workload keeps.
	remaining int
	leaving   []*corev1.Pod
	// stays remembers of other workloads' owners whether their pods stay.
	stays map[types.UID]bool
}

func newDrainage(pass *Pass) *drainage {
	d := &drainage{pass: pass, workload: pass.Object, stays: map[types.UID]bool{}}
	if pass.Op == Update {
		d.workload, d.remaining = pass.Old, replicasOf(pass.Object)
	}
	return d
}

// takesPods reports whether the change can take pods that serve. A ReplicaSet that is scaled down to some
// keeps the ready ones; the source is ActivePodsWithRanks in pkg/controller of Kubernetes. What a
// Deployment controls is the Deployment's.
func (d *drainage) takesPods() bool {
	if isRevision(d.workload) || d.remaining >= replicasOf(d.workload) {
		return false
	}
	_, byOrdinal := d.workload.(*appsv1.StatefulSet)
	return d.remaining == 0 || byOrdinal
}

// services reads live which Services of the namespace have pods: one that was just switched must count,
// and one that is being deleted does not.
func (d *drainage) services(ctx context.Context) ([]*corev1.Service, error) {
	found, complete, err := state.List[*corev1.Service](ctx, d.pass.State, state.Query{
		Kind: state.Service, Namespace: d.workload.GetNamespace(), Live: true,
	})
	if err != nil {
		return nil, err
	}
	if !complete {
		return nil, state.Unknown{Reason: "which pods serve can only be known in the cluster"}
	}
	var services []*corev1.Service
	for _, service := range found {
		if selectsPods(service) && service.DeletionTimestamp == nil {
			services = append(services, service)
		}
	}
	return services, nil
}

// namespaceEnds reports whether the namespace is being deleted with everything in it.
func (d *drainage) namespaceEnds(ctx context.Context) (bool, error) {
	namespace, err := get[*corev1.Namespace](ctx, d.pass.State, state.Query{Kind: state.Namespace, Name: d.workload.GetNamespace()})
	if err != nil || namespace == nil {
		return false, err
	}
	return (*namespace).DeletionTimestamp != nil, nil
}

// findLeaving reads the pods that the change takes: their own labels say which Services they serve.
func (d *drainage) findLeaving(ctx context.Context) error {
	owners, err := d.owners(ctx)
	if err != nil {
		return err
	}
	pods, _, err := state.List[*corev1.Pod](ctx, d.pass.State, state.Query{
		Kind: state.Pod, Namespace: d.workload.GetNamespace(), Labels: state.Selector(d.workload), Live: true,
	})
	for _, pod := range pods {
		if isOwnedByAny(pod, owners) && (d.remaining == 0 || beyond(d.workload, pod, d.remaining)) {
			d.leaving = append(d.leaving, pod)
		}
	}
	return err
}

// owners are what controls the pods: of a Deployment its ReplicaSets, else the workload.
func (d *drainage) owners(ctx context.Context) (map[types.UID]bool, error) {
	if deployment, ok := d.workload.(*appsv1.Deployment); ok {
		return revisionUIDs(ctx, d.pass.State, deployment)
	}
	return map[types.UID]bool{d.workload.GetUID(): true}, nil
}
