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
	// Announces says that changes are announced by Leases, unless it is a dry run.
	Announces bool
	// EveryNamespace says that not even Greenlight's own namespace is left out.
	EveryNamespace  bool
	Kind            schema.GroupVersionKind
	Scope           string
	Rules           []admission
	MatchConditions []matchCondition
}

// admission is what happens to which resources.
type admission struct{ Operations, Resources []string }

// matchCondition keeps from the webhook what it has nothing to say about.
type matchCondition struct{ Why, Name, Expression string }

// of returns the admission of operations on a kind: nothing where there are none.
func of(kind schema.GroupVersionKind, operations []string) []admission {
	if len(operations) == 0 {
		return nil
	}
	return []admission{{operations, []string{resource(kind)}}}
}

func resource(kind schema.GroupVersionKind) string {
	resource, _ := meta.UnsafeGuessKindToResource(kind)
	return resource.Resource
}

const (
	failOpen   = "Ignore"
	failClosed = "Fail"
	namespaced = "Namespaced"
)

const specChanges = "request.operation == 'CREATE' || object.spec != oldObject.spec"

// policyChanges compares specs that may be missing, as a Deployment's never is.
const policyChanges = "request.operation == 'CREATE' || object.?spec != oldObject.?spec"

const trafficChanges = `object.spec.?selector != oldObject.spec.?selector ||
object.spec.?type != oldObject.spec.?type ||
object.spec.?publishNotReadyAddresses.orValue(false) != oldObject.spec.?publishNotReadyAddresses.orValue(false) ||
object.spec.?ports.orValue([]).map(p, [p.?name, p.?protocol, p.?targetPort]) !=
oldObject.spec.?ports.orValue([]).map(p, [p.?name, p.?protocol, p.?targetPort])`

// podsChange takes left-out replicas for 0, as Scale has them, which has no template either.
const podsChange = `request.operation == 'DELETE' ||
object.spec.?replicas.orValue(0) != oldObject.spec.?replicas.orValue(0) ||
object.spec.?template.?metadata.?labels != oldObject.spec.?template.?metadata.?labels ||
object.spec.?updateStrategy != oldObject.spec.?updateStrategy`

const notByController = `!(request.userInfo.username in [
'system:kube-controller-manager',
'system:serviceaccount:kube-system:deployment-controller',
'system:serviceaccount:kube-system:generic-garbage-collector',
'system:serviceaccount:kube-system:horizontal-pod-autoscaler',
'system:serviceaccount:kube-system:namespace-controller',
'system:serviceaccount:kube-system:replicaset-controller',
'system:serviceaccount:kube-system:statefulset-controller'])`

var mutating = []webhook{
	{
		Why:  "Fails open: what is injected only helps, and the validation judges the final Deployment.",
		Name: "deployments.mutate.greenlight.dev", Path: serving.MutateDeployments,
		FailurePolicy: failOpen, ReinvocationPolicy: "IfNeeded", TimeoutSeconds: 2,
		Kind: state.Deployment, Scope: namespaced, Rules: of(state.Deployment, []string{"CREATE", "UPDATE"}),
		MatchConditions: []matchCondition{{Name: "spec-changes", Expression: specChanges}},
	},
}

var validating = judging(
	webhook{
		Why:  "Fails open: a Deployment's rules prevent a bad rollout, and must not prevent every rollout.",
		Name: "deployments.validate.greenlight.dev", Path: serving.ValidateDeployments,
		FailurePolicy: failOpen, TimeoutSeconds: 10, TimeoutWhy: "It reads live where replicas are taken away.",
		Announces: true,
		Kind:      state.Deployment, Scope: namespaced, Rules: of(state.Deployment, judged(state.Deployment, rules.Create, rules.Update)),
		MatchConditions: []matchCondition{{
			Why:  "The Deployment controller's writes of annotations and status never arrive.",
			Name: "spec-changes", Expression: specChanges,
		}},
	},
	webhook{
		Why:  "Fails closed: an unchecked switch takes a service down at once.",
		Name: "services.validate.greenlight.dev", Path: serving.ValidateServices,
		FailurePolicy: failClosed, TimeoutSeconds: 10, TimeoutWhy: "It reads live.",
		Announces: true,
		Kind:      state.Service, Scope: namespaced, Rules: of(state.Service, judged(state.Service, rules.Update)),
		MatchConditions: []matchCondition{{Name: "traffic-changes", Expression: trafficChanges}},
	},
	webhook{
		Why:  "Fails open: nobody is kept from deleting and scaling because Greenlight is away.",
		Name: "drained.validate.greenlight.dev", Path: serving.ValidateWorkloads,
		FailurePolicy: failOpen, TimeoutSeconds: 10, TimeoutWhy: "It reads live.",
		Announces: true,
		Kind:      state.Deployment, Scope: namespaced, Rules: drained(),
		MatchConditions: []matchCondition{
			{Name: "pods-change", Expression: podsChange},
			{
				Why:  "Told by who they are, which cannot be forged as an owner reference can.",
				Name: "not-by-a-controller", Expression: notByController,
			},
		},
	},
	webhook{
		Why:  "Fails open: a Service that is new loses no traffic, and both profiles only warn of its deletion.",
		Name: "whole-services.validate.greenlight.dev", Path: serving.ValidateServices,
		FailurePolicy: failOpen, TimeoutSeconds: 3,
		Kind: state.Service, Scope: namespaced, Rules: of(state.Service, judged(state.Service, rules.Create, rules.Delete)),
		MatchConditions: []matchCondition{{Name: "not-by-a-controller", Expression: notByController}},
	},
	webhook{
		Why:  "Fails open: a policy that is not valid does no harm, since the last good one stays in force.",
		Name: "rolloutpolicies.validate.greenlight.dev", Path: serving.ValidatePolicies,
		FailurePolicy: failOpen, TimeoutSeconds: 3, EveryNamespace: true,
		Kind: v1alpha1.RolloutPolicyKind, Scope: "Cluster", Rules: of(v1alpha1.RolloutPolicyKind, []string{"CREATE", "UPDATE"}),
		MatchConditions: []matchCondition{{
			Why:  "A policy that an older Greenlight accepted can still be labelled, or lose its finalizers.",
			Name: "spec-changes", Expression: policyChanges,
		}},
	},
)

// drained is what takes pods away: deletions and, where the webhook of Deployments does not see it
// already, scaling and replacing.
func drained() []admission {
	var all []admission
	for _, kind := range []schema.GroupVersionKind{state.Deployment, state.ReplicaSet, state.StatefulSet} {
		updated := []string{resource(kind) + "/scale"}
		if kind != state.Deployment {
			updated = append(updated, resource(kind))
		}
		for _, operation := range judged(kind, rules.Delete) {
			all = append(all, admission{[]string{operation}, []string{resource(kind)}})
		}
		for _, operation := range judged(kind, rules.Update) {
			all = append(all, admission{[]string{operation}, updated})
		}
	}
	return all
}

// judging returns the webhooks that have something to judge.
func judging(webhooks ...webhook) []webhook {
	return slices.DeleteFunc(webhooks, func(w webhook) bool { return len(w.Rules) == 0 })
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
