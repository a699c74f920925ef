package rules

import (
	"context"
	"slices"
	"strconv"
	"strings"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"greenlight.dev/greenlight/state"
)

// going returns which of the pods that serve will not for long: those that the change takes, and, if one
// of these serves, those that an earlier change took whose controllers have not come to it yet.
func (d *drainage) going(ctx context.Context, serving []*corev1.Pod) (map[string]bool, error) {
	going := map[string]bool{}
	for _, pod := range serving {
		if slices.ContainsFunc(d.leaving, func(leaving *corev1.Pod) bool { return leaving.Name == pod.Name }) {
			going[pod.Name] = true
		}
	}
	if len(going) == 0 {
		return nil, nil
	}
	for _, pod := range serving {
		if going[pod.Name] {
			continue
		}
		stays, err := d.podStays(ctx, pod)
		if err != nil || stays {
			return going, err
		}
		going[pod.Name] = true
	}
	return going, nil
}

// podStays reports whether the owners of a pod still want it. A pod without one stays.
func (d *drainage) podStays(ctx context.Context, pod *corev1.Pod) (bool, error) {
	owner := metav1.GetControllerOf(pod)
	switch {
	case owner == nil:
		return true, nil
	case owner.UID == d.workload.GetUID():
		return true, nil
	case isOfKind(owner, state.ReplicaSet):
		return d.ownerStays(ctx, pod.Namespace, owner, state.ReplicaSet)
	case isOfKind(owner, state.StatefulSet):
		statefulSet, err := get[*appsv1.StatefulSet](ctx, d.pass.State, state.Query{Kind: state.StatefulSet, Namespace: pod.Namespace, Name: owner.Name})
		if err != nil || statefulSet == nil {
			return false, err
		}
		return (*statefulSet).DeletionTimestamp == nil && !beyond(*statefulSet, pod, replicasOf(*statefulSet)), nil
	}
	return true, nil
}

// ownerStays reports whether a workload is there, wants pods, and is wanted by what controls it.
func (d *drainage) ownerStays(ctx context.Context, namespace string, owner *metav1.OwnerReference, kind schema.GroupVersionKind) (bool, error) {
	if stays, known := d.stays[owner.UID]; known {
		return stays, nil
	}
	found, err := get[state.Object](ctx, d.pass.State, state.Query{Kind: kind, Namespace: namespace, Name: owner.Name})
	if err != nil {
		return false, err
	}
	stays := found != nil && (*found).GetUID() == owner.UID && (*found).GetDeletionTimestamp() == nil && replicasOf(*found) > 0
	if above := controllerOf(found); stays && above != nil && isOfKind(above, state.Deployment) {
		stays, err = d.ownerStays(ctx, namespace, above, state.Deployment)
	}
	d.stays[owner.UID] = stays
	return stays, err
}

func controllerOf(workload *state.Object) *metav1.OwnerReference {
	if workload == nil {
		return nil
	}
	return metav1.GetControllerOf(*workload)
}

// beyond reports whether a StatefulSet of that many replicas does not have the pod: it has the lowest
// ordinals. The pods of other workloads have none.
func beyond(workload state.Object, pod *corev1.Pod, replicas int) bool {
	statefulSet, ok := workload.(*appsv1.StatefulSet)
	if !ok {
		return false
	}
	first := 0
	if ordinals := statefulSet.Spec.Ordinals; ordinals != nil {
		first = int(ordinals.Start)
	}
	ordinal, err := strconv.Atoi(pod.Name[strings.LastIndex(pod.Name, "-")+1:])
	return err == nil && ordinal >= first+replicas
}
