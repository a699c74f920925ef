package rules

import (
	"context"
	"fmt"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"greenlight.dev/greenlight/state"
)

var missingReadinessProbe = &Rule{
	ID: "missing-readiness-probe",
	Doc: `# A container that serves has no readiness probe

Without a readiness probe a container is ready as soon as its process runs. The Service sends it
requests before it listens, and a rolling update takes the next old pod away although the new one
cannot serve yet.

In the cluster Greenlight injects a probe of the TCP port, unless it is told not to.

## Wrong

    containers:
      - name: web
        ports:
          - containerPort: 8080

## Right

    containers:
      - name: web
        ports:
          - containerPort: 8080
        readinessProbe:
          httpGet:
            path: /ready
            port: 8080

## How to fix it

Add a readinessProbe that fails while the container cannot serve: an HTTP path of its own is best, the
TCP port is the least.
`,
	Kinds: deployments,
	Reads: []schema.GroupVersionKind{state.Service},
	Run:   runMissingReadinessProbe,
}

func runMissingReadinessProbe(ctx context.Context, pass *Pass) error {
	return reportTargeted(ctx, pass, lacksReadinessProbe, readinessProbeMissing)
}

func lacksReadinessProbe(container *corev1.Container) bool {
	return container.ReadinessProbe == nil
}

func readinessProbeMissing(container *corev1.Container, services []*corev1.Service) Finding {
	return Finding{
		Path: containerPath("containers", container.Name).Child("readinessProbe"),
		Message: fmt.Sprintf("container %q serves %s without a readiness probe: it gets requests as soon as its process runs.",
			container.Name, names(services)),
		Fix: "Add a readinessProbe that succeeds once the container can serve.",
	}
}
