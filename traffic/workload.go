package traffic

import (
	"cmp"
	"fmt"
	"slices"

	appsv1 "k8s.io/api/apps/v1"
)

// Workload is what makes the pods that a Service comes to select: a Deployment with its ReplicaSets,
// or one ReplicaSet on its own.
type Workload struct {
	// Deployment is nil for a ReplicaSet on its own.
	Deployment *appsv1.Deployment
	// Gone is the name of the Deployment that made the one ReplicaSet, where it does not exist any more.
	Gone string
	// ReplicaSets are all that the Deployment controls, or the one.
	ReplicaSets []*appsv1.ReplicaSet
}

// Name is how a person would write the workload: deployment/hello-green.
func (w Workload) Name() string {
	if w.Deployment != nil {
		return "deployment/" + w.Deployment.Name
	}
	return "replicaset/" + w.ReplicaSets[0].Name
}

// incoming returns the workload's ReplicaSets of which the switch brings pods in.
func (w Workload) incoming(s Switch) []*appsv1.ReplicaSet {
	return slices.Concat(w.byTemplate(s), w.byHand(s))
}

// isIdle reports whether the workload has none of the pods that the switch is to bring in, and wants none.
func (w Workload) isIdle(s Switch) bool {
	return w.desired(s) == 0 && len(w.byHand(s)) == 0
}

// desired is how many pods the workload wants that the switch brings in.
func (w Workload) desired(s Switch) int {
	desired := 0
	for _, rs := range w.byTemplate(s) {
		desired += Replicas(rs.Spec.Replicas)
	}
	if desired == 0 && w.Deployment != nil && s.BringsIn(w.Deployment.Spec.Template.Labels) {
		return Replicas(w.Deployment.Spec.Replicas)
	}
	return desired
}

// blockers returns what keeps the workload from being fully ready for the switch, each as a phrase:
// none if it is.
//
// It asks for more than any single status field says: Available is met by replicas − maxUnavailable,
// readyReplicas ignores minReadySeconds, NewReplicaSetAvailable stays true with no ready pod, and a
// Deployment's sums mix its old and new ReplicaSets.
func (w Workload) blockers(s Switch) []string {
	in := w.incoming(s)
	switch {
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

// deploymentBlockers returns what keeps a Deployment from being complete with the incoming
// ReplicaSets. The source is DeploymentComplete in pkg/controller/deployment/util of Kubernetes.
func deploymentBlockers(deployment *appsv1.Deployment, in []*appsv1.ReplicaSet) []string {
	desired := Replicas(deployment.Spec.Replicas)
	status := deployment.Status
	if stale := staleTemplates(deployment, in); len(stale) > 0 {
		return stale
	}
	switch {
	case deployment.DeletionTimestamp != nil:
		return []string{fmt.Sprintf("Deployment %s is being deleted", deployment.Name)}
	case status.ObservedGeneration < deployment.Generation:
		return []string{fmt.Sprintf("Deployment %s: its controller has not seen its newest spec yet", deployment.Name)}
	case int(status.UpdatedReplicas) != desired || int(status.Replicas) != desired || int(status.AvailableReplicas) != desired:
		return []string{fmt.Sprintf("Deployment %s is in the middle of a rollout (%d desired: %d updated, %d in all, %d available)",
			deployment.Name, desired, status.UpdatedReplicas, status.Replicas, status.AvailableReplicas)}
	}
	return nil
}

// staleTemplates returns the incoming ReplicaSets that the Deployment is about to scale to 0, each as
// a phrase: their template is not the Deployment's.
func staleTemplates(deployment *appsv1.Deployment, in []*appsv1.ReplicaSet) []string {
	want := TemplateFingerprint(&deployment.Spec.Template)
	var stale []string
	for _, rs := range in {
		if TemplateFingerprint(&rs.Spec.Template) == want {
			continue
		}
		why := "is an older revision that its Deployment scales down"
		if deployment.Spec.Paused {
			why = "is an older revision: its Deployment is paused, with a newer template not rolled out"
		}
		stale = append(stale, fmt.Sprintf("ReplicaSet %s %s", rs.Name, why))
	}
	return stale
}

// isRolledOut reports whether all pods are of the Deployment's template. While it is paused, they become
// so only once it is resumed.
func (w Workload) isRolledOut() bool {
	running := w.running()
	return len(running) > 0 && len(staleTemplates(w.Deployment, running)) == 0
}

func (s Switch) replicaSetBlockers(rs *appsv1.ReplicaSet) []string {
	desired := Replicas(rs.Spec.Replicas)
	available, reasons := s.availability(rs, s.selectedOf(rs))
	behind := statusBehind(rs, desired)
	if available >= desired && behind == "" {
		return nil
	}
	reasons = append(reasons, replicaFailure(rs)...)
	if len(reasons) == 0 {
		reasons = []string{cmp.Or(behind, "the Service does not select all of its pods")}
	}
	return notFullyReady(rs, available, desired, reasons)
}

func notFullyReady(rs *appsv1.ReplicaSet, available, desired int, reasons []string) []string {
	if len(reasons) == 0 {
		return nil
	}
	return []string{fmt.Sprintf("ReplicaSet %s is not fully ready (%d/%d available)%s",
		rs.Name, available, desired, phrase(reasons))}
}
