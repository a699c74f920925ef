package rules

import (
	"fmt"

	corev1 "k8s.io/api/core/v1"
)

// failingSeconds is how long a probe fails before the kubelet acts on it: the last of failureThreshold
// probes, one a period, may take its whole timeout.
func failingSeconds(probe *corev1.Probe) int {
	return (int(probe.FailureThreshold)-1)*int(probe.PeriodSeconds) + int(probe.TimeoutSeconds)
}

// seconds counts seconds for a message: "1 second" or "30 seconds".
func seconds(n int) string {
	if n == 1 {
		return "1 second"
	}
	return fmt.Sprintf("%d seconds", n)
}
