package rules

import (
	corev1 "k8s.io/api/core/v1"
)

// failingSeconds is how long a probe fails before the kubelet acts on it: the last of failureThreshold
// probes, one a period, may take its whole timeout.
func failingSeconds(probe *corev1.Probe) int {
	return (int(probe.FailureThreshold)-1)*int(probe.PeriodSeconds) + int(probe.TimeoutSeconds)
}
