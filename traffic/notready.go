package traffic

import (
	"fmt"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
)

// notReady returns why a pod is not ready, from the most specific thing that its status says.
func notReady(pod *corev1.Pod) string {
	if scheduled := condition(pod, corev1.PodScheduled); scheduled != nil && scheduled.Status == corev1.ConditionFalse {
		return withDetail("Pending", scheduled.Message)
	}
	for _, status := range slices.Concat(pod.Status.InitContainerStatuses, pod.Status.ContainerStatuses) {
		if reason := blocked(status); reason != "" {
			return reason
		}
	}
	for _, status := range pod.Status.ContainerStatuses {
		if reason := failingProbe(status); reason != "" {
			// The Ready condition would only repeat that the container is not ready.
			return reason
		}
	}
	if gate := closedGate(pod); gate != "" {
		return fmt.Sprintf("readiness gate %s is not true", gate)
	}
	if pod.Status.Phase == corev1.PodPending {
		return "Pending"
	}
	return withDetail("not ready", readyMessage(pod))
}

// blocked returns why a container cannot run. A container that is only being created, or that is
// ready, is not blocked.
func blocked(status corev1.ContainerStatus) string {
	if waiting := status.State.Waiting; waiting != nil {
		switch waiting.Reason {
		case "", "ContainerCreating", "PodInitializing":
			return ""
		}
		return withDetail(fmt.Sprintf("container %q %s", status.Name, waiting.Reason), waiting.Message)
	}
	if ended := status.State.Terminated; ended != nil && ended.ExitCode != 0 {
		return fmt.Sprintf("container %q ended with exit code %d (%s)", status.Name, ended.ExitCode, ended.Reason)
	}
	return ""
}

// failingProbe returns which probe keeps a container that runs from being ready. Until the startup
// probe has succeeded the readiness probe does not run.
func failingProbe(status corev1.ContainerStatus) string {
	switch {
	case status.Ready || status.State.Running == nil:
		return ""
	case status.Started != nil && !*status.Started:
		return fmt.Sprintf("startup probe of container %q has not succeeded yet", status.Name)
	}
	return fmt.Sprintf("readiness probe of container %q failing", status.Name)
}

func closedGate(pod *corev1.Pod) corev1.PodConditionType {
	for _, gate := range pod.Spec.ReadinessGates {
		if open := condition(pod, gate.ConditionType); open == nil || open.Status != corev1.ConditionTrue {
			return gate.ConditionType
		}
	}
	return ""
}

func readyMessage(pod *corev1.Pod) string {
	if ready := condition(pod, corev1.PodReady); ready != nil {
		return ready.Message
	}
	return ""
}

func withDetail(reason, detail string) string {
	if detail == "" {
		return reason
	}
	return fmt.Sprintf("%s (%s)", reason, strings.TrimSuffix(detail, "."))
}
