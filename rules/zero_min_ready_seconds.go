package rules

import (
	"context"
	"fmt"

	appsv1 "k8s.io/api/apps/v1"

	"greenlight.dev/greenlight/traffic"
)

var zeroMinReadySeconds = &Rule{
	ID: "zero-min-ready-seconds",
	Doc: `# A pod that was ready once counts as available

With minReadySeconds at 0 a pod counts as available the moment that its readiness probe succeeds. A
version that crashes under its first requests is ready for a second each time, and in that second the
rollout takes the next old pod away.

A Deployment of one pod or none passes.

## Wrong

    spec:
      replicas: 3

## Right

    spec:
      replicas: 3
      minReadySeconds: 10

## How to fix it

Set minReadySeconds to the time in which a broken version would have failed. Each step of a rollout takes
that much longer, and progressDeadlineSeconds must be greater.
`,
	Kinds: deployments,
	Run:   runZeroMinReadySeconds,
}

func runZeroMinReadySeconds(_ context.Context, pass *Pass) error {
	spec := pass.Object.(*appsv1.Deployment).Spec
	replicas := traffic.Replicas(spec.Replicas)
	if spec.MinReadySeconds > 0 || replicas <= 1 {
		return nil
	}
	pass.Report(Finding{
		Path:    specPath.Child("minReadySeconds"),
		Message: fmt.Sprintf("minReadySeconds is 0: a rollout of %s goes on as soon as a new pod is ready, even if it fails a second later.", pods(replicas)),
		Fix:     "Set minReadySeconds: 10, or as long as a broken version takes to fail.",
	})
	return nil
}
