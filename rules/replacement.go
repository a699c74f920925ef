package rules

import (
	"maps"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/equality"

	"greenlight.dev/greenlight/state"
	"greenlight.dev/greenlight/traffic"
)

// replacesPods reports whether an update can make a workload replace pods by some with other labels: it
// changes the labels of the template, or lets an earlier change of them take effect.
func replacesPods(old, updated state.Object) bool {
	if !maps.Equal(state.TemplateLabels(old), state.TemplateLabels(updated)) {
		return true
	}
	switch old := old.(type) {
	case *appsv1.Deployment:
		return old.Spec.Paused && !updated.(*appsv1.Deployment).Spec.Paused
	case *appsv1.StatefulSet:
		return !equality.Semantic.DeepEqual(old.Spec.UpdateStrategy, updated.(*appsv1.StatefulSet).Spec.UpdateStrategy)
	}
	return false
}

// replacement is what an update does to the pods that a workload has.
type replacement struct {
	own     ownPods
	updated state.Object
}

// leaving returns the names of the pods that a Service selects, while it does not select those that take
// their place.
func (r replacement) leaving(service *corev1.Service) map[string]bool {
	leaving := map[string]bool{}
	for _, pod := range r.own.pods {
		if !r.replaces(pod) || !traffic.Selects(service, pod.Labels) {
			continue
		}
		after := traffic.Relabelled(pod.Labels, r.own.template(pod), state.TemplateLabels(r.updated))
		if !traffic.Selects(service, after) {
			leaving[pod.Name] = true
		}
	}
	return leaving
}

// replaces reports whether the workload replaces the pod by one of its newest template.
func (r replacement) replaces(pod *corev1.Pod) bool {
	if set, ok := r.updated.(*appsv1.StatefulSet); ok {
		return traffic.Updates(set, pod)
	}
	template := maps.Clone(r.own.template(pod))
	delete(template, appsv1.DefaultDeploymentUniqueLabelKey)
	return !maps.Equal(template, state.TemplateLabels(r.updated))
}

// replacedPods says for a message which pods a change replaces.
func replacedPods(pass *Pass) string {
	if pass.Op == Create {
		return "the pods that the Deployment adopts"
	}
	replicas := traffic.ReplicasOf(pass.Old)
	if set, ok := pass.Object.(*appsv1.StatefulSet); ok && traffic.Partition(set) > 0 {
		return pods(replicas - traffic.Partition(set))
	}
	return allPods(replicas)
}
