package rules

import (
	"fmt"

	corev1 "k8s.io/api/core/v1"
)

// start is how long a container takes, or may take, to become ready, and the probe that says so.
type start struct {
	container string
	seconds   int
	probe     *corev1.Probe
	// sum words how the seconds come from the probe.
	sum func(*corev1.Probe) string
}

func (s start) reason() string { return s.sum(s.probe) }

// slowest returns the longest start of the containers: 0 seconds where none takes any.
func slowest(containers []placed, measure func(*corev1.Container) start) start {
	var longest start
	for _, container := range containers {
		if found := measure(container.Container); found.seconds > longest.seconds {
			longest = found
			longest.container = container.Name
		}
	}
	return longest
}

// firstAskedAfter is when the readiness probe of a container begins: it is not ready before.
func firstAskedAfter(container *corev1.Container) start {
	probe := container.ReadinessProbe
	if probe == nil {
		return start{}
	}
	return start{seconds: int(probe.InitialDelaySeconds), probe: probe, sum: sumOfDelay}
}

// startAllowed is how long the probes of a container let its start take.
func startAllowed(container *corev1.Container) start {
	var longest start
	if probe := container.ReadinessProbe; probe != nil {
		total := int(probe.InitialDelaySeconds) + (int(probe.SuccessThreshold)-1)*int(probe.PeriodSeconds)
		longest = start{seconds: total, probe: probe, sum: sumOfSuccesses}
	}
	if probe := container.StartupProbe; probe != nil {
		total := int(probe.InitialDelaySeconds) + int(probe.FailureThreshold)*int(probe.PeriodSeconds)
		if total > longest.seconds {
			longest = start{seconds: total, probe: probe, sum: sumOfFailures}
		}
	}
	return longest
}

func sumOfDelay(probe *corev1.Probe) string {
	return fmt.Sprintf("readinessProbe: initialDelaySeconds %d", probe.InitialDelaySeconds)
}

func sumOfSuccesses(probe *corev1.Probe) string {
	return fmt.Sprintf("readinessProbe: initialDelaySeconds %d + (successThreshold %d - 1) × periodSeconds %d",
		probe.InitialDelaySeconds, probe.SuccessThreshold, probe.PeriodSeconds)
}

func sumOfFailures(probe *corev1.Probe) string {
	return fmt.Sprintf("startupProbe: initialDelaySeconds %d + failureThreshold %d × periodSeconds %d",
		probe.InitialDelaySeconds, probe.FailureThreshold, probe.PeriodSeconds)
}
