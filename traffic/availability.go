package traffic

import (
	"fmt"
	"strings"
	"time"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

const (
	beingDeleted   = "it is being deleted"
	specNotSeen    = "its controller has not seen its newest spec yet"
	notAllSelected = "the Service does not select all of its pods"
)

// shownPods is how many pods a message names; the rest are counted.
const shownPods = 5

// availability returns how many of the pods of a workload serve the Service after the change and have
// been ready for minReadySeconds, and what is wrong with the others, each as a phrase that names its pod.
func (s Switch) availability(minReadySeconds int32, pods []*corev1.Pod) (available int, reasons []string) {
	minReady := time.Duration(minReadySeconds) * time.Second
	needed := s.needed()
	for _, pod := range pods {
		if reason := s.unavailable(pod, needed, minReady); reason != "" {
			reasons = append(reasons, pod.Name+": "+reason)
		} else {
			available++
		}
	}
	return available, shorten(reasons)
}

// selectedOf returns the pods that one object controls and the Service selects after the change.
func (s Switch) selectedOf(owner metav1.Object) []*corev1.Pod {
	var selected []*corev1.Pod
	for _, pod := range s.Pods {
		if metav1.IsControlledBy(pod, owner) && Selects(s.New, pod.Labels) {
			selected = append(selected, pod)
		}
	}
	return selected
}

// shorten counts the pods beyond those that a message names.
func shorten(reasons []string) []string {
	switch hidden := len(reasons) - shownPods; {
	case hidden <= 0:
		return reasons
	case hidden == 1:
		return append(reasons[:shownPods:shownPods], "and 1 more pod")
	default:
		return append(reasons[:shownPods:shownPods], fmt.Sprintf("and %d more pods", hidden))
	}
}

func (s Switch) unavailable(pod *corev1.Pod, needed []keptPort, minReady time.Duration) string {
	if reason := notServingNeeded(pod, s.New, needed); reason != "" {
		return reason
	}
	if wait := UnavailableFor(pod, minReady, s.Now); wait > 0 {
		return fmt.Sprintf("ready, but not yet for minReadySeconds %d (%s to go)", int(minReady.Seconds()), wait.Round(time.Second))
	}
	return ""
}

// statusBehind returns why a ReplicaSet's status does not yet say that all its pods are available:
// empty if it does.
func statusBehind(rs *appsv1.ReplicaSet, desired int) string {
	switch {
	case rs.DeletionTimestamp != nil:
		return beingDeleted
	case rs.Status.ObservedGeneration < rs.Generation:
		return specNotSeen
	case int(rs.Status.Replicas) != desired:
		return podsExist(rs.Status.Replicas, desired)
	case int(rs.Status.AvailableReplicas) < desired:
		return countsAvailable(rs.Status.AvailableReplicas, desired)
	}
	return ""
}

func podsExist(count int32, desired int) string {
	return fmt.Sprintf("%d of %d pods exist", count, desired)
}

func countsAvailable(count int32, desired int) string {
	return fmt.Sprintf("its status counts %d of %d pods as available", count, desired)
}

// replicaFailure returns why a ReplicaSet cannot create pods, for example a quota.
func replicaFailure(rs *appsv1.ReplicaSet) []string {
	for _, condition := range rs.Status.Conditions {
		if condition.Type == appsv1.ReplicaSetReplicaFailure && condition.Status == corev1.ConditionTrue {
			return []string{withDetail(condition.Reason, condition.Message)}
		}
	}
	return nil
}

// notFullyReady says why a workload, such as "ReplicaSet green-1", lacks some of its pods: nothing without
// reasons.
func notFullyReady(workload string, available, desired int, reasons []string) []string {
	if len(reasons) == 0 {
		return nil
	}
	return []string{fmt.Sprintf("%s is not fully ready (%d/%d available)%s", workload, available, desired, phrase(reasons))}
}

func phrase(reasons []string) string {
	return ": " + strings.Join(reasons, "; ")
}
