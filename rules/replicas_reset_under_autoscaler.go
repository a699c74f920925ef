package rules

import (
	"context"
	"fmt"
	"slices"
	"strings"

	appsv1 "k8s.io/api/apps/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/util/validation/field"

	"greenlight.dev/greenlight/state"
	"greenlight.dev/greenlight/traffic"
)

var replicasResetUnderAutoscaler = &Rule{
	ID: "replicas-reset-under-autoscaler",
	Doc: `# Applying the manifest takes away what the autoscaler added

A HorizontalPodAutoscaler writes the number of replicas that the load asks for. A manifest with a number
of its own overwrites it each time it is applied: the pods above that number end at once, under full
load, until the autoscaler adds them again.

Taking replicas out of a manifest that was applied with it is the same: the API server then sets 1
(kubernetes/kubernetes#25238). More replicas than now pass, and so does 0, which switches the autoscaler
off.

## Wrong

    spec:
      replicas: 2 # while the autoscaler runs 10

## Right

    spec:
      # no replicas: the autoscaler sets them

## How to fix it

Let the autoscaler alone write the number. First take replicas out of the annotation with kubectl apply
edit-last-applied, or apply on the server's side as the owner of all fields but this one; then take it
out of the manifest.

To do without an autoscaler, first delete it, then write replicas: the other way round, it still sets the
number.
`,
	Kinds:  deployments,
	Ops:    []Operation{Update},
	Reads:  []schema.GroupVersionKind{state.HorizontalPodAutoscaler},
	Params: func() any { return &ReplicasResetParams{Users: slices.Clone(autoscalerUsers)} },
	Run:    runReplicasResetUnderAutoscaler,
}

// ReplicasResetParams are the parameters of replicas-reset-under-autoscaler.
type ReplicasResetParams struct {
	// Users are the names of the users that may lower the number: the autoscaler itself, and what works
	// through it. A list in the policy replaces the default.
	Users []string `json:"users"`
}

// Validate returns what is wrong with the parameters.
func (p *ReplicasResetParams) Validate(path *field.Path) field.ErrorList {
	var errs field.ErrorList
	for i, user := range p.Users {
		if strings.TrimSpace(user) == "" {
			errs = append(errs, field.Required(path.Child("users").Index(i), "name a user, for example system:serviceaccount:keda:keda-operator"))
		}
	}
	return errs
}

// autoscalerUsers are the names under which the autoscaler itself makes changes: its own, and that of
// a controller manager that does not give each of its controllers one. KEDA scales past the autoscaler
// that it makes: to a number at which it is paused, for example.
var autoscalerUsers = []string{
	"system:serviceaccount:kube-system:horizontal-pod-autoscaler",
	"system:kube-controller-manager",
	"system:serviceaccount:keda:keda-operator",
}

func runReplicasResetUnderAutoscaler(ctx context.Context, pass *Pass) error {
	deployment := pass.Object.(*appsv1.Deployment)
	before := traffic.Replicas(pass.Old.(*appsv1.Deployment).Spec.Replicas)
	after := traffic.Replicas(deployment.Spec.Replicas)
	if after == 0 || after >= before || slices.Contains(pass.Params.(*ReplicasResetParams).Users, pass.User.Name) {
		return nil
	}
	autoscalers, err := scaledBy(ctx, pass, deployment)
	if err != nil || len(autoscalers) == 0 {
		return err
	}
	autoscaler := autoscalers[0]
	pass.Report(Finding{
		Path: specPath.Child("replicas"),
		Message: fmt.Sprintf("replicas %d → %d takes %s away at once, although HorizontalPodAutoscaler %s sets the number, from %d to %d.",
			before, after, pods(before-after), autoscaler.Name, traffic.Replicas(autoscaler.Spec.MinReplicas), autoscaler.Spec.MaxReplicas),
		Fix: fmt.Sprintf("Set replicas: %d, or take replicas out of the last-applied annotation and then out of the manifest.", before),
	})
	return nil
}
