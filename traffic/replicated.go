package traffic

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"

	"greenlight.dev/greenlight/state"
)

// Replicated is a Deployment with its ReplicaSets, or one ReplicaSet on its own.
type Replicated struct {
	// Deployment is nil for a ReplicaSet on its own.
	Deployment *appsv1.Deployment
	// Gone is the name of the Deployment that made the one ReplicaSet, where it does not exist any more.
	Gone string
	// ReplicaSets are all that the Deployment controls, or the one.
	ReplicaSets []*appsv1.ReplicaSet
}

// Name implements Workload.
func (w Replicated) Name() string {
	if w.Deployment != nil {
		return "deployment/" + w.Deployment.Name
	}
	return "replicaset/" + w.ReplicaSets[0].Name
}

// Scaled implements Workload.
func (w Replicated) Scaled() state.Workload {
	if w.Deployment != nil {
		return scaledAs(state.Deployment, w.Deployment.Name)
	}
	return scaledAs(state.ReplicaSet, w.ReplicaSets[0].Name)
}

// incoming returns the workload's ReplicaSets of which the switch brings pods in.
func (w Replicated) incoming(s Switch) []*appsv1.ReplicaSet {
	return slices.Concat(w.byTemplate(s), w.byHand(s))
}

func (w Replicated) isIdle(s Switch) bool {
	return w.desired(s) == 0 && len(w.byHand(s)) == 0
}

// desired is how many pods the workload wants that the switch brings in.
func (w Replicated) desired(s Switch) int {
	desired := 0
	for _, rs := range w.byTemplate(s) {
		desired += Replicas(rs.Spec.Replicas)
	}
	if desired == 0 && w.Deployment != nil && s.BringsIn(w.Deployment.Spec.Template.Labels) {
		return Replicas(w.Deployment.Spec.Replicas)
	}
	return desired
}

// blockers asks for more than any single status field says: Available is met by replicas − maxUnavailable,
// readyReplicas ignores minReadySeconds, NewReplicaSetAvailable stays true with no ready pod, and a
// Deployment's sums mix its old and new ReplicaSets.
func (w Replicated) blockers(s Switch) []string {
	in := w.incoming(s)
	switch {
	case w.replacesItself(s):
		return nil
	case w.Gone != "":
		return []string{fmt.Sprintf("ReplicaSet %s: its Deployment %s is gone: its pods are being deleted", w.ReplicaSets[0].Name, w.Gone)}
	case len(in) == 0:
		return []string{fmt.Sprintf("Deployment %s has not started any of its %d pods yet", w.Deployment.Name, w.desired(s))}
	}
	var blockers []string
	for _, rs := range w.byTemplate(s) {
		blockers = append(blockers, s.replicaSetBlockers(rs)...)
	}
	for _, rs := range w.byHand(s) {
		blockers = append(blockers, s.byHandBlockers(rs)...)
	}
	if len(blockers) == 0 && w.Deployment != nil {
		return deploymentBlockers(w.Deployment, in)
	}
	return blockers
}

func (w Replicated) controls(pod *corev1.Pod) bool { return w.owner(pod) != nil }

func (s Switch) replicaSetBlockers(rs *appsv1.ReplicaSet) []string {
	desired := Replicas(rs.Spec.Replicas)
	available, reasons := s.availability(rs.Spec.MinReadySeconds, s.selectedOf(rs))
	behind := statusBehind(rs, desired)
	if available >= desired && behind == "" {
		return nil
	}
	reasons = append(reasons, replicaFailure(rs)...)
	if len(reasons) == 0 {
		reasons = []string{cmp.Or(behind, notAllSelected)}
	}
	return notFullyReady("ReplicaSet "+rs.Name, available, desired, reasons)
}

func (w Replicated) advice(s Switch) string {
	switch {
	case w.Gone != "":
		return fmt.Sprintf("Select other pods, or make Deployment %s again.", w.Gone)
	case w.Deployment == nil && len(w.byTemplate(s)) == 0:
		return s.retryWhenPodsAreReady()
	case w.Deployment == nil:
		return s.retryWhenAvailable(w, w.desired(s))
	case len(staleTemplates(w.Deployment, w.incoming(s))) > 0 && !Selects(s.New, w.Deployment.Spec.Template.Labels):
		return fmt.Sprintf("Select the pods of the newest revision of %s instead.", w.Name())
	case w.Deployment.Spec.Paused && !w.isRolledOut():
		status := s.rolloutStatus(w)
		return fmt.Sprintf("Run %q, then retry when %q succeeds.", strings.Replace(status, "status", "resume", 1), status)
	}
	return s.retryWhenRolledOut(w)
}
