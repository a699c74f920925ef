package rules

import (
	"context"
	"fmt"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"greenlight.dev/greenlight/state"
)

var missingPreStop = &Rule{
	ID: "missing-prestop",
	Doc: `# A container that serves stops before its clients know

When a pod is terminated, its container gets SIGTERM while proxies and load balancers still learn that the
pod is gone (kubernetes/kubernetes#67592). Requests that arrive in between are refused. A preStop sleep
keeps the container serving until they have learned.

In the cluster Greenlight injects a sleep, unless it is told not to.

## Wrong

    containers:
      - name: web

## Right

    containers:
      - name: web
        lifecycle:
          preStop:
            sleep:
              seconds: 5

## How to fix it

Add a preStop sleep of about 5 seconds, and raise terminationGracePeriodSeconds by as much. The native
sleep needs Kubernetes 1.30; it needs no shell in the image.
`,
	Kinds: deployments,
	Reads: []schema.GroupVersionKind{state.Service},
	Run:   runMissingPreStop,
}

func runMissingPreStop(ctx context.Context, pass *Pass) error {
	return reportTargeted(ctx, pass, lacksPreStop, preStopMissing)
}

func lacksPreStop(container *corev1.Container) bool {
	return container.Lifecycle == nil || container.Lifecycle.PreStop == nil
}

func preStopMissing(container *corev1.Container, services []*corev1.Service) Finding {
	return Finding{
		Path: containerPath("containers", container.Name).Child("lifecycle", "preStop"),
		Message: fmt.Sprintf("container %q serves %s without a preStop hook: requests that arrive while it stops are refused.",
			container.Name, names(services)),
		Fix: "Add lifecycle.preStop.sleep with seconds: 5.",
	}
}
