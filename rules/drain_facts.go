package rules

import (
	"context"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"

	"greenlight.dev/greenlight/state"
	"greenlight.dev/greenlight/traffic"
)

// drainage collects, with live reads, what a deletion or a scale-down takes away.
type drainage struct {
	pass     *Pass
	workload state.Object
	// remaining is how many pods the workload keeps.
	remaining int
	leaving   map[string]*corev1.Pod
}

func newDrainage(pass *Pass) *drainage {
	d := &drainage{pass: pass, workload: pass.Object, leaving: map[string]*corev1.Pod{}}
	if pass.Op == Update {
		d.workload = pass.Old
	}
	if pass.Op != Delete {
		d.remaining = traffic.ReplicasOf(pass.Object)
	}
	return d
}

// takesPods reports whether the change can take pods that serve. A ReplicaSet that is scaled down to some
// keeps the ready ones; the source is ActivePodsWithRanks in pkg/controller of Kubernetes. A Deployment that
// rolls out scales each of its ReplicaSets, whose pods may be the only ready ones. What a Deployment controls
// is the Deployment's. One that is made with no replicas takes the pods that it adopts.
func (d *drainage) takesPods() bool {
	_, isDeployment := d.workload.(*appsv1.Deployment)
	if d.pass.Op == Create {
		return isDeployment && d.remaining == 0
	}
	if isRevision(d.workload) || d.remaining >= traffic.ReplicasOf(d.workload) {
		return false
	}
	switch workload := d.workload.(type) {
	case *appsv1.StatefulSet:
		return true
	case *appsv1.Deployment:
		return d.remaining == 0 || traffic.IsRollingOut(workload)
	}
	return d.remaining == 0
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
	own, err := ownPodsOf(ctx, d.pass.State, d.workload)
	if err == nil && d.inRollout() {
		return d.findScaledAway(own)
	}
	for _, pod := range own.pods {
		if d.takes(pod) {
			d.leaving[pod.Name] = pod
		}
	}
	return err
}

func (d *drainage) takes(pod *corev1.Pod) bool {
	set, byOrdinal := d.workload.(*appsv1.StatefulSet)
	return d.remaining == 0 || byOrdinal && traffic.Beyond(set, pod, d.remaining)
}

func (d *drainage) leaves(pod *corev1.Pod) bool { return d.leaving[pod.Name] != nil }

// touches reports whether a Service selects any of the pods that leave.
func (d *drainage) touches(service *corev1.Service) bool {
	for _, pod := range d.leaving {
		if traffic.Selects(service, pod.Labels) {
			return true
		}
	}
	return false
}
