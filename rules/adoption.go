package rules

import (
	"context"
	"strings"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"greenlight.dev/greenlight/state"
)

// controls reports whether a workload controls an object, or is about to: it adopts what its selector selects
// and nothing controls, such as what a deletion with --cascade=orphan left. The source is ClaimObject in
// pkg/controller/controller_ref_manager.go of Kubernetes.
func controls(workload, object state.Object) bool {
	if owner := metav1.GetControllerOf(object); owner != nil {
		return owner.UID == workload.GetUID()
	}
	return object.GetDeletionTimestamp() == nil && isNamedAfter(workload, object) &&
		state.Selector(workload).Matches(labels.Set(object.GetLabels()))
}

// isNamedAfter reports whether an object has such a name as a workload asks of what it adopts. A StatefulSet
// does: the source is isMemberOf in pkg/controller/statefulset of Kubernetes.
func isNamedAfter(workload, object state.Object) bool {
	if _, ok := workload.(*appsv1.StatefulSet); !ok {
		return true
	}
	end := strings.LastIndex(object.GetName(), "-")
	return end > 0 && object.GetName()[:end] == workload.GetName()
}

// adopterOf reads the workload of a kind that is about to control an object that nothing controls: nil if none
// is.
func adopterOf[T state.Object](ctx context.Context, reader state.Reader, kind schema.GroupVersionKind, object state.Object) (*T, error) {
	found, _, err := state.List[T](ctx, reader, state.Query{
		Kind: kind, Namespace: object.GetNamespace(), Selecting: object.GetLabels(), Live: true,
	})
	for i, workload := range found {
		if workload.GetDeletionTimestamp() == nil && controls(workload, object) {
			return &found[i], err
		}
	}
	return nil, err
}

// makerOf returns the one of several workloads that controls a pod, or is about to: nil if none does.
func makerOf(pod *corev1.Pod, workloads []state.Object) state.Object {
	for _, workload := range workloads {
		if controls(workload, pod) {
			return workload
		}
	}
	return nil
}
