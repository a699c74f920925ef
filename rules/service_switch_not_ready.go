package rules

import (
	"context"
	"fmt"
	"maps"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/util/validation/field"

	"greenlight.dev/greenlight/state"
	"greenlight.dev/greenlight/traffic"
)

var serviceSwitchNotReady = &Rule{
	ID: "service-switch-not-ready",
	Doc: `# The Service is switched to pods that cannot serve yet

A change of a Service's selector, type or targetPorts takes effect at once. Where the pods that it
leads to are not all ready, requests fail although everything was well before.

The switch is allowed once every workload that it brings in, a Deployment, ReplicaSet or StatefulSet, is
fully ready: each replica available, no rollout under way, every targetPort there, and as much capacity as
policy asks for. The same holds for the way back, which passes at once while the old colour still runs.
Where nothing serves the Service now, every change is allowed.

A Service that was an external name, or whose endpoints were mirrored from Endpoints, is held to the same
once it gets a selector. EndpointSlices that somebody wrote stay beside the pods, so that is a warning.

A selector that takes more pods in and none away is allowed, and the part of the requests that goes to
them is recorded. It is a warning where they seem to be of another app: the selector names no app any
more, or their ports differ.

A Service and the Deployment it leads to cannot be applied together: apply the Deployment, wait for
kubectl rollout status, then apply the Service.

## Wrong

    kubectl apply -f green.yaml -f service-to-green.yaml

## Right

    kubectl apply -f green.yaml
    kubectl rollout status deployment/green
    kubectl apply -f service-to-green.yaml

## How to fix it

Wait until the new target is ready. The denial names each pod that is not, and why.
`,
	Kinds: services,
	Ops:   []Operation{Update},
	Reads: []schema.GroupVersionKind{
		state.Pod, state.Deployment, state.ReplicaSet, state.StatefulSet, state.HorizontalPodAutoscaler, state.EndpointSlice,
	},
	Gets: workloads,
	Races: func(pass *Pass) bool {
		return traffic.ChangesTraffic(pass.Old.(*corev1.Service), pass.Object.(*corev1.Service))
	},
	Run: runServiceSwitchNotReady,
}

func runServiceSwitchNotReady(ctx context.Context, pass *Pass) error {
	old, updated := pass.Old.(*corev1.Service), pass.Object.(*corev1.Service)
	change := traffic.Describe(old, updated)
	if change == "" {
		return nil
	}
	capacity := pass.Traffic.Capacity
	facts, err := gatherSwitch(ctx, pass.State, old, updated)
	if err != nil {
		return err
	}
	facts.Now = pass.Now
	facts.Capacity = traffic.Capacity{DenyBelow: int(*capacity.DenyBelowPercent), WarnBelow: int(*capacity.WarnBelowPercent)}
	decision := facts.Decide()
	if decision.Outcome != traffic.Deny && facts.TakesPods() && unannounced(pass) {
		decision = unseen(pass.Announced.Err)
	}
	if decision.Outcome == traffic.Allow {
		return nil
	}
	finding := Finding{Path: changed(old, updated), Message: change + ": " + decision.Reason + ".", Fix: decision.Fix}
	switch decision.Outcome {
	case traffic.AllowWithWarning:
		finding.AtMost = warn
	case traffic.AllowAndRecord:
		finding.AtMost = audit
	}
	pass.Report(finding)
	return nil
}

func unannounced(pass *Pass) bool { return pass.Announced != nil && pass.Announced.Err != nil }

// unseen denies a switch to pods that could be taken away at the same moment.
func unseen(err error) traffic.Decision {
	return traffic.Decision{
		Outcome: traffic.Deny,
		Reason:  fmt.Sprintf("it could not be announced, so that its target could be removed at the same moment (%v)", err),
		Fix: "Retry. If that goes on, see that Greenlight may write Leases in its namespace; without this protection, " +
			"set traffic.intents: false in the RolloutPolicy.",
	}
}

// changed is the field that the change is to be looked for in.
func changed(old, updated *corev1.Service) *field.Path {
	switch {
	case !maps.Equal(old.Spec.Selector, updated.Spec.Selector):
		return specPath.Child("selector")
	case old.Spec.Type != updated.Spec.Type:
		return specPath.Child("type")
	case old.Spec.PublishNotReadyAddresses != updated.Spec.PublishNotReadyAddresses:
		return specPath.Child("publishNotReadyAddresses")
	}
	return specPath.Child("ports")
}
