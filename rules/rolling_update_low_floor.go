package rules

import (
	"context"
	"fmt"

	appsv1 "k8s.io/api/apps/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/util/validation/field"

	"greenlight.dev/greenlight/state"
	"greenlight.dev/greenlight/traffic"
)

var rollingUpdateLowFloor = &Rule{
	ID: "rolling-update-low-floor",
	Doc: `# A rollout may take most of the pods away

maxUnavailable pods may be missing for as long as a rolling update takes. Where that is more than half
of them, the rest has to serve at least twice its share: a rollout in busy hours overloads it.

A Deployment of which no pod would be left is told of by rolling-update-no-floor, one whose numbers
round to 0 by rolling-update-rounds-to-zero.

## Wrong

    spec:
      replicas: 4
      strategy:
        rollingUpdate:
          maxUnavailable: 75%

## Right

    spec:
      replicas: 4
      strategy:
        rollingUpdate:
          maxUnavailable: 25%

## How to fix it

Lower maxUnavailable, or leave it out: the default is 25%. maxSurge keeps the rollout fast.
`,
	Kinds:  deployments,
	Reads:  []schema.GroupVersionKind{state.Service},
	Params: func() any { return &LowFloorParams{MinAvailablePercent: 50} },
	Run:    runRollingUpdateLowFloor,
}

// LowFloorParams are the parameters of rolling-update-low-floor.
type LowFloorParams struct {
	// MinAvailablePercent is the least part of the pods that must stay available during a rollout.
	MinAvailablePercent int `json:"minAvailablePercent"`
}

// Validate returns what is wrong with the parameters.
func (p *LowFloorParams) Validate(path *field.Path) field.ErrorList {
	if p.MinAvailablePercent >= 0 && p.MinAvailablePercent <= 100 {
		return nil
	}
	return field.ErrorList{field.Invalid(path.Child("minAvailablePercent"), p.MinAvailablePercent, "must be from 0 to 100")}
}

func runRollingUpdateLowFloor(ctx context.Context, pass *Pass) error {
	deployment := pass.Object.(*appsv1.Deployment)
	least := pass.Params.(*LowFloorParams).MinAvailablePercent
	rolling, err := rollingUpdate(deployment)
	if err != nil || rolling.Forced || rolling.Floor() == 0 || rolling.Floor()*100 >= rolling.Replicas*least {
		return err
	}
	found, err := servedBy(ctx, pass, deployment)
	if err != nil || len(found) == 0 {
		return err
	}
	unavailable := deployment.Spec.Strategy.RollingUpdate.MaxUnavailable
	pass.Report(Finding{
		Path: specPath.Child("strategy", "rollingUpdate", "maxUnavailable"),
		Message: fmt.Sprintf("%s: a rollout may leave %d of %s to %s, %d%% where minAvailablePercent is %d.",
			resolved("maxUnavailable", unavailable, rolling.Replicas, rolling.Unavailable),
			rolling.Floor(), pods(rolling.Replicas), names(found), rolling.Floor()*100/rolling.Replicas, least),
		Fix:    raiseFloor(rolling, least),
		Degree: rolling.Unavailable * 100 / rolling.Replicas,
	})
	return nil
}

// raiseFloor says how many pods may be missing. Where none may, a rollout needs one to surge.
func raiseFloor(rolling traffic.RollingUpdate, least int) string {
	most := rolling.Replicas * (100 - least) / 100
	if most == 0 {
		return "Set maxUnavailable: 0 and maxSurge: 1."
	}
	return fmt.Sprintf("Set maxUnavailable: %d or less.", most)
}
