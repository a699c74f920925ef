package traffic

import (
	"fmt"
	"strings"

	appsv1 "k8s.io/api/apps/v1"
)

// behind returns why the StatefulSet is not at rest, whose pods are available to that count: empty if it is.
// Where its template is not what brings pods in, only what becomes of these pods is asked.
func (w StatefulSet) behind(s Switch, available int) string {
	if w.DeletionTimestamp != nil {
		return beingDeleted
	}
	if going := w.going(s); going != "" || !s.BringsIn(w.Spec.Template.Labels) {
		return going
	}
	desired := Replicas(w.Spec.Replicas)
	switch {
	case w.Status.ObservedGeneration < w.Generation:
		return specNotSeen
	case !w.isRolledOut():
		return fmt.Sprintf("it is in the middle of a rollout (%d of %d pods updated)", w.Status.UpdatedReplicas, desired)
	case int(w.Status.Replicas) < desired:
		return w.podsExist()
	case available >= desired && int(w.Status.AvailableReplicas) < desired:
		return countsAvailable(w.Status.AvailableReplicas, desired)
	}
	return ""
}

// going names the pods that would serve until the StatefulSet takes them away.
func (w StatefulSet) going(s Switch) string {
	var names []string
	for _, pod := range s.broughtIn(w.StatefulSet) {
		if w.isBeyond(pod) {
			names = append(names, pod.Name)
		}
	}
	if len(names) == 0 {
		return ""
	}
	return fmt.Sprintf("it is scaled to %d and takes %s away", Replicas(w.Spec.Replicas), strings.Join(names, " and "))
}

// isRolledOut reports whether no pod is to be replaced any more. The source is updateStatefulSet in
// pkg/controller/statefulset of Kubernetes: a partition keeps the pods below it, counted from the first
// ordinal; with OnDelete no pod is ever replaced, and the revisions may differ for good.
func (w StatefulSet) isRolledOut() bool {
	if w.updatesOnDelete() || w.Status.UpdateRevision == w.Status.CurrentRevision {
		return true
	}
	partition := Partition(w.StatefulSet)
	return partition > 0 && int(w.Status.UpdatedReplicas) >= Replicas(w.Spec.Replicas)-partition
}

func (w StatefulSet) updatesOnDelete() bool {
	return w.Spec.UpdateStrategy.Type == appsv1.OnDeleteStatefulSetStrategyType
}

// podsExist says that pods are missing, and where it is so, that they are waited for.
func (w StatefulSet) podsExist() string {
	count := podsExist(w.Status.Replicas, Replicas(w.Spec.Replicas))
	if w.Spec.PodManagementPolicy == appsv1.ParallelPodManagement {
		return count
	}
	return count + ", each is made once the one before it is ready"
}

// olderPods warns where a StatefulSet that comes in goes on with pods of an older revision: with OnDelete
// that is no rollout under way, and yet it may not be what the switch is meant for.
func (s Switch) olderPods() Decision {
	var warnings []Decision
	for _, workload := range s.Incoming {
		set, ok := workload.(StatefulSet)
		if !ok || set.Gone || !set.updatesOnDelete() || int(set.Status.UpdatedReplicas) >= Replicas(set.Spec.Replicas) {
			continue
		}
		warnings = append(warnings, Decision{
			AllowWithWarning,
			fmt.Sprintf("%d of %d pods of StatefulSet %s are of its newest revision, and with OnDelete the others stay as they are",
				set.Status.UpdatedReplicas, Replicas(set.Spec.Replicas), set.StatefulSet.Name),
			"Delete the older pods first if the switch is meant for the newest revision.",
		})
	}
	return join(warnings...)
}
