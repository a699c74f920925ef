package rules

import (
	"context"
	"fmt"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"

	"greenlight.dev/greenlight/api/v1alpha1"
)

var livenessKillsStartup = &Rule{
	ID: "liveness-kills-startup",
	Doc: `# The liveness probe kills the container while it starts

Without a startup probe the liveness probe begins initialDelaySeconds after the container's start. A
container that does not answer by then is killed when failureThreshold probes have failed, starts again,
and is killed again. Where that happens before the readiness probe is asked for the first time, the pod
never becomes ready unless it starts faster than its own readiness probe expects.

Less than 30 seconds to start is a warning: on a node that is short of CPU a start may take them.

## Wrong

    readinessProbe:
      httpGet: {path: /ready, port: 8080}
      initialDelaySeconds: 60
    livenessProbe:
      httpGet: {path: /alive, port: 8080}

## Right

    readinessProbe:
      httpGet: {path: /ready, port: 8080}
    livenessProbe:
      httpGet: {path: /alive, port: 8080}
    startupProbe:
      httpGet: {path: /alive, port: 8080}
      failureThreshold: 30

## How to fix it

Add a startup probe: the other probes wait until it has succeeded. Its failureThreshold × periodSeconds
is the longest that a start may take.
`,
	Kinds: deployments,
	Run:   runLivenessKillsStartup,
}

// leastStart is how many seconds a container should have to start.
const leastStart = 30

func runLivenessKillsStartup(_ context.Context, pass *Pass) error {
	for _, container := range probedContainers(&pass.Object.(*appsv1.Deployment).Spec.Template.Spec) {
		if container.LivenessProbe == nil || container.StartupProbe != nil {
			continue
		}
		budget := int(container.LivenessProbe.InitialDelaySeconds) + failingSeconds(container.LivenessProbe)
		switch first := firstAsked(container.ReadinessProbe); {
		case budget <= first:
			finding := killed(container, fmt.Sprintf("within %s of its start, and readinessProbe first asks after %d", seconds(budget), first))
			finding.Degree = first - budget
			pass.Report(finding)
		case budget < leastStart:
			finding := killed(container, fmt.Sprintf("within %s of its start, fewer than %d", seconds(budget), leastStart))
			finding.AtMost = v1alpha1.Warn
			pass.Report(finding)
		}
	}
	return nil
}

// firstAsked is how many seconds after its start a container is first asked: 0 without a probe.
func firstAsked(probe *corev1.Probe) int {
	if probe == nil {
		return 0
	}
	return int(probe.InitialDelaySeconds)
}

func killed(container placed, unanswered string) Finding {
	return Finding{
		Path: container.path().Child("livenessProbe"),
		Message: fmt.Sprintf("livenessProbe kills container %q if it does not answer %s: a slower start never ends.",
			container.Name, unanswered),
		Fix: "Add a startupProbe whose failureThreshold × periodSeconds covers the slowest start.",
	}
}
