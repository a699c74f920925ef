package rules

import (
	"context"
	"fmt"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"greenlight.dev/greenlight/state"
)

var serviceSelectsNothing = &Rule{
	ID: "service-selects-nothing",
	Doc: `# The Service selects nothing

No workload's pods have the labels that the selector asks for, and no pod has them: every request to the
Service fails. Most often a label is misspelt, or was changed in the Deployment alone.

A Service that is applied before its Deployment selects nothing for a moment, so this is for the audit
log alone, and off unless the strict profile or the policy turns it on.

## Wrong

    kind: Service
    spec:
      selector:
        app: wbe

## Right

    kind: Service
    spec:
      selector:
        app: web

## How to fix it

Select labels that the Deployment's pod template has.
`,
	Kinds: services,
	Reads: append([]schema.GroupVersionKind{state.Pod}, workloads...),
	Run:   runServiceSelectsNothing,
}

func runServiceSelectsNothing(ctx context.Context, pass *Pass) error {
	service := pass.Object.(*corev1.Service)
	if !selectsPods(service) {
		return nil
	}
	selects, err := selectsAny(ctx, pass, service, func(state.Object) bool { return true })
	if err != nil || selects {
		return err
	}
	pods, complete, err := podsOf(ctx, pass.State, service)
	switch {
	case err != nil || len(pods) > 0:
		return err
	case !complete:
		return state.Unknown{Reason: "no pod that the Service selects was seen, and not every pod is known"}
	}
	pass.Report(Finding{
		Path: specPath.Child("selector"),
		Message: fmt.Sprintf("no Deployment, ReplicaSet, StatefulSet or pod has the labels %s: every request to this Service fails.",
			labels.Set(service.Spec.Selector)),
		Fix: "Select labels that the Deployment's pod template has.",
	})
	return nil
}
