package rules

import (
	"context"
	"fmt"

	appsv1 "k8s.io/api/apps/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"greenlight.dev/greenlight/state"
	"greenlight.dev/greenlight/traffic"
)

var rollingUpdateNoFloor = &Rule{
	ID: "rolling-update-no-floor",
	Doc: `# maxUnavailable lets a rollout terminate every pod

maxUnavailable is how many pods a rolling update may take away before new ones are ready. Where it
comes to all of them, the controller ends every old pod at once and the Service stands empty until a
new one is ready. maxSurge does not help: the controller does not wait for the surged pods.

## Wrong

    spec:
      replicas: 1
      strategy:
        rollingUpdate:
          maxUnavailable: 1

## Right

    spec:
      replicas: 1
      strategy:
        rollingUpdate:
          maxUnavailable: 0
          maxSurge: 1

## How to fix it

Set maxUnavailable to 0 and maxSurge to at least 1, or leave both out: the default of 25% rounds down
to 0 for fewer than 4 replicas.
`,
	Kinds: deployments,
	Reads: []schema.GroupVersionKind{state.Service},
	Run:   runRollingUpdateNoFloor,
}

func runRollingUpdateNoFloor(ctx context.Context, pass *Pass) error {
	deployment := pass.Object.(*appsv1.Deployment)
	rolling, err := rollingUpdate(deployment)
	if err != nil || rolling.Replicas == 0 || rolling.Floor() > 0 || rolling.Forced {
		return err
	}
	found, err := servedBy(ctx, pass, deployment)
	if err != nil || len(found) == 0 {
		return err
	}
	pass.Report(Finding{
		Path: specPath.Child("strategy", "rollingUpdate", "maxUnavailable"),
		Message: fmt.Sprintf("maxUnavailable %s of %s is %d: a rollout may terminate every pod before a new one is ready, leaving %s without endpoints.",
			deployment.Spec.Strategy.RollingUpdate.MaxUnavailable, pods(rolling.Replicas), rolling.Unavailable, names(found)),
		Fix: "Set maxUnavailable: 0 and maxSurge: 1.",
	})
	return nil
}

// rollingUpdate resolves the rolling update of a Deployment that has one: otherwise it is zero.
func rollingUpdate(deployment *appsv1.Deployment) (traffic.RollingUpdate, error) {
	if deployment.Spec.Strategy.Type != appsv1.RollingUpdateDeploymentStrategyType {
		return traffic.RollingUpdate{}, nil
	}
	rolling, err := traffic.Rolling(deployment)
	if err != nil {
		return traffic.RollingUpdate{}, state.Unknown{Reason: err.Error()}
	}
	return rolling, nil
}
