package rules

import (
	"context"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"greenlight.dev/greenlight/state"
)

// workloads are the kinds that have a pod template.
var workloads = []schema.GroupVersionKind{state.Deployment, state.ReplicaSet, state.StatefulSet}

// selectsPods reports whether a Service gets its endpoints from pods. One that is an external name
// does not, whatever its selector.
func selectsPods(service *corev1.Service) bool {
	return service.Spec.Type != corev1.ServiceTypeExternalName && len(service.Spec.Selector) > 0
}

// selectsAny reports whether a Service selects the template of a workload that meets the condition. It
// returns state.Unknown where none was seen and there may be others.
func selectsAny(ctx context.Context, pass *Pass, service *corev1.Service, meets func(state.Object) bool) (bool, error) {
	known := true
	for _, kind := range workloads {
		found, complete, err := state.List[state.Object](ctx, pass.State, state.Query{
			Kind: kind, Namespace: service.Namespace, TemplateLabels: state.ServiceSelector(service),
		})
		if err != nil {
			return false, err
		}
		for _, workload := range found {
			if !isRevision(workload) && meets(workload) {
				return true, nil
			}
		}
		known = known && complete
	}
	if !known {
		return false, state.Unknown{Reason: "no workload that Service " + service.Name + " selects was seen, and not every workload is known"}
	}
	return false, nil
}

// isRevision reports whether a Deployment controls the workload. What the Deployment makes from now on
// its own template says.
func isRevision(workload state.Object) bool {
	owner := metav1.GetControllerOf(workload)
	return owner != nil && owner.Kind == state.Deployment.Kind
}
