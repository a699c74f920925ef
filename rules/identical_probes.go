package rules

import (
	"context"
	"fmt"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/equality"
	"k8s.io/apimachinery/pkg/util/intstr"
)

var identicalProbes = &Rule{
	ID: "identical-probes",
	Doc: `# An overload restarts the pods

A failing readiness probe lets a pod rest: it gets no requests until it recovers. A failing liveness
probe restarts its container. Where both ask the same, and the liveness probe gives up no later, an
overloaded container is restarted instead of relieved. Its requests go to the other pods, which fail
next: all of them restart together.

A liveness probe that asks the same and gives up later passes: (failureThreshold − 1) × periodSeconds +
timeoutSeconds is compared. The number of a port and its name are the same.

## Wrong

    readinessProbe:
      httpGet: {path: /health, port: 8080}
    livenessProbe:
      httpGet: {path: /health, port: 8080}

## Right

    readinessProbe:
      httpGet: {path: /ready, port: 8080}
    livenessProbe:
      httpGet: {path: /alive, port: 8080}
      failureThreshold: 6

## How to fix it

Give the liveness probe a question of its own, which fails only where nothing but a restart helps, or
raise its failureThreshold.
`,
	Kinds: deployments,
	Run:   runIdenticalProbes,
}

func runIdenticalProbes(_ context.Context, pass *Pass) error {
	for _, container := range probedContainers(&pass.Object.(*appsv1.Deployment).Spec.Template.Spec) {
		liveness, readiness := container.LivenessProbe, container.ReadinessProbe
		if liveness == nil || readiness == nil || !askTheSame(container.Container, liveness, readiness) {
			continue
		}
		restarted, relieved := failingSeconds(liveness), failingSeconds(readiness)
		if restarted > relieved {
			continue
		}
		pass.Report(Finding{
			Path: container.path().Child("livenessProbe"),
			Message: fmt.Sprintf("livenessProbe asks the same as readinessProbe and gives up after %s, readinessProbe after %d: an overload restarts container %q instead of relieving it.",
				seconds(restarted), relieved, container.Name),
			Fix: fmt.Sprintf("Set failureThreshold: %d or more in livenessProbe, or have it ask for less than readinessProbe.",
				laterThreshold(liveness, relieved)),
			Degree: relieved - restarted,
		})
	}
	return nil
}

// laterThreshold is the least failureThreshold with which the probe gives up after more than seconds.
func laterThreshold(probe *corev1.Probe, seconds int) int {
	period := max(int(probe.PeriodSeconds), 1)
	return (seconds-int(probe.TimeoutSeconds))/period + 2
}

func askTheSame(container *corev1.Container, a, b *corev1.Probe) bool {
	return equality.Semantic.DeepEqual(numbered(container, a.ProbeHandler), numbered(container, b.ProbeHandler))
}

// numbered returns the handler with the number of its port in place of a name.
func numbered(container *corev1.Container, handler corev1.ProbeHandler) *corev1.ProbeHandler {
	copied := handler.DeepCopy()
	switch {
	case copied.HTTPGet != nil:
		copied.HTTPGet.Port = portNumber(container, copied.HTTPGet.Port)
	case copied.TCPSocket != nil:
		copied.TCPSocket.Port = portNumber(container, copied.TCPSocket.Port)
	}
	return copied
}

// portNumber leaves a name as it is that the container does not declare.
func portNumber(container *corev1.Container, port intstr.IntOrString) intstr.IntOrString {
	for _, declared := range container.Ports {
		if port.Type == intstr.String && declared.Name == port.StrVal {
			return intstr.FromInt32(declared.ContainerPort)
		}
	}
	return port
}
