package traffic

import (
	"fmt"
	"slices"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"greenlight.dev/greenlight/state"
)

// StatefulSet is one whose pods a Service comes to select.
type StatefulSet struct {
	*appsv1.StatefulSet
	// Gone says that it does not exist any more: only its name is known then.
	Gone bool
}

// Name implements Workload.
func (w StatefulSet) Name() string { return "statefulset/" + w.StatefulSet.Name }

// Scaled implements Workload.
func (w StatefulSet) Scaled() state.Workload { return scaledAs(state.StatefulSet, w.StatefulSet.Name) }

func (w StatefulSet) isIdle(Switch) bool { return !w.Gone && Replicas(w.Spec.Replicas) == 0 }

func (w StatefulSet) controls(pod *corev1.Pod) bool { return metav1.IsControlledBy(pod, w.StatefulSet) }

// desired is how many pods the StatefulSet wants that the switch brings in. Where they have labels that the
// template has not, they were chosen one by one, as by statefulset.kubernetes.io/pod-name.
func (w StatefulSet) desired(s Switch) int {
	if s.BringsIn(w.Spec.Template.Labels) {
		return Replicas(w.Spec.Replicas)
	}
	return len(w.kept(s))
}

// kept returns the pods that the Service selects, without those that the StatefulSet takes away.
func (w StatefulSet) kept(s Switch) []*corev1.Pod {
	if s.BringsIn(w.Spec.Template.Labels) {
		return slices.DeleteFunc(s.selectedOf(w.StatefulSet), w.isBeyond)
	}
	return slices.DeleteFunc(s.broughtIn(w.StatefulSet), w.isBeyond)
}

func (w StatefulSet) isBeyond(pod *corev1.Pod) bool {
	return Beyond(w.StatefulSet, pod, Replicas(w.Spec.Replicas))
}

func (w StatefulSet) blockers(s Switch) []string {
	if w.Gone {
		return []string{fmt.Sprintf("StatefulSet %s is gone: its pods are being deleted", w.StatefulSet.Name)}
	}
	available, reasons := w.waiting(s)
	return notFullyReady("StatefulSet "+w.StatefulSet.Name, available, w.desired(s), reasons)
}

// waiting counts the pods that are available, and says what the others and the StatefulSet itself wait for.
func (w StatefulSet) waiting(s Switch) (available int, reasons []string) {
	available, reasons = s.availability(w.Spec.MinReadySeconds, w.kept(s))
	if behind := w.behind(s, available); behind != "" {
		reasons = append(reasons, behind)
	}
	if len(reasons) == 0 && available < w.desired(s) {
		reasons = []string{notAllSelected}
	}
	return available, reasons
}

func (w StatefulSet) advice(s Switch) string {
	switch {
	case w.Gone:
		return fmt.Sprintf("Select other pods, or make StatefulSet %s again.", w.StatefulSet.Name)
	case !s.BringsIn(w.Spec.Template.Labels):
		return s.retryWhenPodsAreReady()
	case w.updatesOnDelete():
		return s.retryWhenAvailable(w, w.desired(s))
	}
	return s.retryWhenRolledOut(w)
}
