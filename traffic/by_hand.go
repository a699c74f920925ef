package traffic

import (
	"slices"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// byTemplate returns the workload's ReplicaSets that want pods which the switch brings in.
func (w Replicated) byTemplate(s Switch) []*appsv1.ReplicaSet {
	return slices.DeleteFunc(w.running(), func(rs *appsv1.ReplicaSet) bool { return !s.BringsIn(rs.Spec.Template.Labels) })
}

// byHand returns the workload's other ReplicaSets with pods that the switch brings in: labels that the
// template does not have were put on these pods one by one.
func (w Replicated) byHand(s Switch) []*appsv1.ReplicaSet {
	return slices.DeleteFunc(w.running(), func(rs *appsv1.ReplicaSet) bool {
		return s.BringsIn(rs.Spec.Template.Labels) || !slices.ContainsFunc(s.Pods, func(pod *corev1.Pod) bool { return s.bringsInOf(rs, pod) })
	})
}

func (s Switch) bringsInOf(owner metav1.Object, pod *corev1.Pod) bool {
	return metav1.IsControlledBy(pod, owner) && s.BringsIn(pod.Labels)
}

// running returns the workload's ReplicaSets that want pods.
func (w Replicated) running() []*appsv1.ReplicaSet {
	return slices.DeleteFunc(slices.Clone(w.ReplicaSets), func(rs *appsv1.ReplicaSet) bool { return Replicas(rs.Spec.Replicas) == 0 })
}

// broughtIn returns the pods of one object that the switch brings in, without those that end: another
// pod takes their place, and it has the labels of the template.
func (s Switch) broughtIn(owner metav1.Object) []*corev1.Pod {
	var pods []*corev1.Pod
	for _, pod := range s.Pods {
		if s.bringsInOf(owner, pod) && !ends(pod) {
			pods = append(pods, pod)
		}
	}
	return pods
}

// byHandBlockers judges the pods that were labelled by hand, and no others: how many pods the ReplicaSet
// wants says nothing of how many were to be labelled.
func (s Switch) byHandBlockers(rs *appsv1.ReplicaSet) []string {
	pods := s.broughtIn(rs)
	available, reasons := s.availability(rs.Spec.MinReadySeconds, pods)
	if rs.DeletionTimestamp != nil {
		reasons = append(reasons, beingDeleted)
	}
	return notFullyReady("ReplicaSet "+rs.Name, available, len(pods), reasons)
}
