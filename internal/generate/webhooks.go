package main

import (
	"slices"

	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"greenlight.dev/greenlight/api/v1alpha1"
	"greenlight.dev/greenlight/rules"
	"greenlight.dev/greenlight/state"
	serving "greenlight.dev/greenlight/webhook"
)

// webhook is one entry of a webhook configuration.
type webhook struct {
	// Why says why it fails open or closed.
	Why                string
	Name, Path         string
	FailurePolicy      string
	ReinvocationPolicy string
	TimeoutSeconds     int
	TimeoutWhy         string
	// EveryNamespace says that not even Greenlight's own namespace is left out.
	EveryNamespace  bool
	Kind            schema.GroupVersionKind
	Scope           string
	Operations      []string
	MatchConditions []matchCondition
}

// matchCondition keeps from the webhook what it has nothing to say about.
type matchCondition struct{ Why, Name, Expression string }

// Resource is the resource of the webhook's kind.
func (w webhook) Resource() string {
	resource, _ := meta.UnsafeGuessKindToResource(w.Kind)
	return resource.Resource
}

const (
	failOpen   = "Ignore"
	failClosed = "Fail"
	namespaced = "Namespaced"
)

const specChanges = "request.operation == 'CREATE' || object.spec != oldObject.spec"

const trafficChanges = `object.spec.?selector != oldObject.spec.?selector ||
object.spec.?type != oldObject.spec.?type ||
object.spec.?publishNotReadyAddresses.orValue(false) != oldObject.spec.?publishNotReadyAddresses.orValue(false) ||
object.spec.?ports.orValue([]).map(p, [p.?name, p.?protocol, p.?targetPort]) !=
oldObject.spec.?ports.orValue([]).map(p, [p.?name, p.?protocol, p.?targetPort])`

var mutating = []webhook{
	{
		Why:  "Fails open: what is injected only helps, and the validation judges the final Deployment.",
		Name: "deployments.mutate.greenlight.dev", Path: serving.MutateDeployments,
		FailurePolicy: failOpen, ReinvocationPolicy: "IfNeeded", TimeoutSeconds: 2,
		Kind: state.Deployment, Scope: namespaced, Operations: []string{"CREATE", "UPDATE"},
		MatchConditions: []matchCondition{{Name: "spec-changes", Expression: specChanges}},
	},
}

var validating = judging(
	webhook{
		Why:  "Fails open: a Deployment's rules prevent a bad rollout, and must not prevent every rollout.",
		Name: "deployments.validate.greenlight.dev", Path: serving.ValidateDeployments,
		FailurePolicy: failOpen, TimeoutSeconds: 3,
		Kind: state.Deployment, Scope: namespaced, Operations: judged(state.Deployment, rules.Create, rules.Update),
		MatchConditions: []matchCondition{{
			Why:  "The Deployment controller's writes of annotations and status never arrive.",
			Name: "spec-changes", Expression: specChanges,
		}},
	},
	webhook{
		Why:  "Fails closed: an unchecked switch takes a service down at once.",
		Name: "services.validate.greenlight.dev", Path: serving.ValidateServices,
		FailurePolicy: failClosed, TimeoutSeconds: 10, TimeoutWhy: "It reads live.",
		Kind: state.Service, Scope: namespaced, Operations: judged(state.Service, rules.Update),
		MatchConditions: []matchCondition{{Name: "traffic-changes", Expression: trafficChanges}},
	},
	webhook{
		Why:  "Fails open: nothing depends yet on a Service that is only being created.",
		Name: "created-services.validate.greenlight.dev", Path: serving.ValidateServices,
		FailurePolicy: failOpen, TimeoutSeconds: 3,
		Kind: state.Service, Scope: namespaced, Operations: judged(state.Service, rules.Create),
	},
	webhook{
		Why:  "Fails open: a policy that is not valid does no harm, since the last good one stays in force.",
		Name: "rolloutpolicies.validate.greenlight.dev", Path: serving.ValidatePolicies,
		FailurePolicy: failOpen, TimeoutSeconds: 3, EveryNamespace: true,
		Kind: v1alpha1.RolloutPolicyKind, Scope: "Cluster", Operations: []string{"CREATE", "UPDATE"},
		MatchConditions: []matchCondition{{
			Why:  "A policy that an older Greenlight accepted can still be labelled, or lose its finalizers.",
			Name: "spec-changes", Expression: specChanges,
		}},
	},
)

// judging returns the webhooks that have something to judge.
func judging(webhooks ...webhook) []webhook {
	return slices.DeleteFunc(webhooks, func(w webhook) bool { return len(w.Operations) == 0 })
}

// judged returns those of the operations in which a rule judges the kind.
func judged(kind schema.GroupVersionKind, operations ...rules.Operation) []string {
	var judged []string
	for _, operation := range operations {
		if slices.ContainsFunc(rules.All, func(entry rules.Entry) bool { return entry.Judges(kind, operation) }) {
			judged = append(judged, string(operation))
		}
	}
	return judged
}
