package rules

import (
	"context"
	"fmt"

	appsv1 "k8s.io/api/apps/v1"

	"greenlight.dev/greenlight/api/v1alpha1"
)

var rollingUpdateRoundsToZero = &Rule{
	ID: "rolling-update-rounds-to-zero",
	Doc: `# A percentage rounds to 0, and the controller takes a pod down after all

maxUnavailable percentages round down and maxSurge percentages round up. Where both come to 0 the
rollout could never move, so the controller takes 1 pod down, although the manifest reads as if fewer
than one might go (kubernetes/kubernetes#22516). With 1 replica that is an outage.

With more than 3 replicas the one pod is a small part, and the finding is for the audit log alone.

## Wrong

    spec:
      replicas: 1
      strategy:
        rollingUpdate:
          maxUnavailable: 25%
          maxSurge: 0

## Right

    spec:
      replicas: 1
      strategy:
        rollingUpdate:
          maxUnavailable: 0
          maxSurge: 1

## How to fix it

Give maxSurge at least 1, so that a new pod is ready before an old one goes.
`,
	Kinds: deployments,
	Run:   runRollingUpdateRoundsToZero,
}

func runRollingUpdateRoundsToZero(_ context.Context, pass *Pass) error {
	deployment := pass.Object.(*appsv1.Deployment)
	rolling, err := rollingUpdate(deployment)
	if err != nil || !rolling.Forced || rolling.Replicas == 0 {
		return err
	}
	update := deployment.Spec.Strategy.RollingUpdate
	pass.Report(Finding{
		Path: specPath.Child("strategy", "rollingUpdate", "maxUnavailable"),
		Message: fmt.Sprintf("maxUnavailable %s of %d rounds down to 0, maxSurge %s: the controller will take 1 down, leaving %d.",
			update.MaxUnavailable, rolling.Replicas, update.MaxSurge, rolling.Floor()),
		Fix:    "Set maxSurge: 1 and maxUnavailable: 0.",
		AtMost: roundingLimit(rolling.Replicas),
	})
	return nil
}

// roundingLimit is milder the smaller the part that one pod is.
func roundingLimit(replicas int) v1alpha1.Mode {
	switch {
	case replicas == 1:
		return v1alpha1.Deny
	case replicas <= 3:
		return v1alpha1.Warn
	}
	return v1alpha1.Audit
}
