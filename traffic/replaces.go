package traffic

import (
	"slices"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// replacesItself reports whether the switch goes from an older to the newest revision of the one
// Deployment, and the newest already serves with at least as many pods. Waiting for the rollout's end
// would never end where the old revision keeps its pods until the switch. Labels that a pod was given by
// hand make it no pod of a revision: the templates of the ReplicaSets say which it is of.
func (w Replicated) replacesItself(s Switch) bool {
	incoming := w.byTemplate(s)
	if w.Deployment == nil || len(staleTemplates(w.Deployment, incoming)) > 0 {
		return false
	}
	in, out, needed := 0, 0, s.needed()
	for _, pod := range s.servingNew() {
		if slices.Contains(incoming, w.owner(pod)) && notServingNeeded(pod, s.New, needed) == "" {
			in++
		}
	}
	for _, pod := range s.lost() {
		if rs := w.owner(pod); rs != nil && Selects(s.Old, rs.Spec.Template.Labels) {
			out++
		}
	}
	return out > 0 && in >= out
}

// owner returns the one of the workload's ReplicaSets that controls the pod: nil if none does.
func (w Replicated) owner(pod *corev1.Pod) *appsv1.ReplicaSet {
	owner := metav1.GetControllerOf(pod)
	for _, rs := range w.ReplicaSets {
		if owner != nil && owner.UID == rs.UID {
			return rs
		}
	}
	return nil
}
