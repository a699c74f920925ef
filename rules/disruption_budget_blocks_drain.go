package rules

import (
	"cmp"
	"context"
	"errors"
	"fmt"

	appsv1 "k8s.io/api/apps/v1"
	policyv1 "k8s.io/api/policy/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/util/intstr"
	"k8s.io/apimachinery/pkg/util/validation/field"

	"greenlight.dev/greenlight/state"
	"greenlight.dev/greenlight/traffic"
)

var disruptionBudgetBlocksDrain = &Rule{
	ID: "disruption-budget-blocks-drain",
	Doc: `# The disruption budget lets no pod be evicted

A drain evicts the pods of a node one by one, and each eviction waits until the PodDisruptionBudget
allows it. One that can never allow any keeps the node from being drained: upgrades of the cluster stop
there, until somebody deletes the pods by force.

That is so with maxUnavailable 0, with a minAvailable of as many pods as there are, and with neither.
Percentages of minAvailable round up: 50% of 1 is 1. Where an autoscaler targets the Deployment, its
minReplicas counts; all Deployments that the budget covers count together.

## Wrong

    kind: PodDisruptionBudget
    spec:
      minAvailable: 2          # of a Deployment with 2 replicas

## Right

    kind: PodDisruptionBudget
    spec:
      maxUnavailable: 1

## How to fix it

Let the budget give up one pod with maxUnavailable: 1, and run at least 2 replicas, so that one is left.
`,
	Kinds: deployments,
	Reads: []schema.GroupVersionKind{state.PodDisruptionBudget, state.Deployment, state.HorizontalPodAutoscaler},
	Run:   runDisruptionBudgetBlocksDrain,
}

func runDisruptionBudgetBlocksDrain(ctx context.Context, pass *Pass) error {
	deployment := pass.Object.(*appsv1.Deployment)
	if traffic.ReplicasOf(deployment) == 0 {
		return nil
	}
	budgets, complete, err := state.List[*policyv1.PodDisruptionBudget](ctx, pass.State, state.Query{
		Kind: state.PodDisruptionBudget, Namespace: deployment.Namespace, Selecting: podLabels(deployment),
	})
	if err != nil {
		return err
	}
	if len(budgets) == 0 && !complete {
		return state.Unknown{Reason: "no PodDisruptionBudget that selects these pods was seen, and not every one is known"}
	}
	var unknown error
	for _, budget := range budgets {
		err := judgeBudget(ctx, pass, budget)
		if err != nil && !errors.As(err, new(state.Unknown)) {
			return err
		}
		unknown = cmp.Or(unknown, err)
	}
	return unknown
}

// judgeBudget reports a budget that never allows an eviction. It returns state.Unknown where that cannot
// be known.
func judgeBudget(ctx context.Context, pass *Pass, budget *policyv1.PodDisruptionBudget) error {
	covered, err := leastCovered(ctx, pass, budget)
	if err != nil {
		return err
	}
	kept, err := traffic.KeptAvailable(budget, covered)
	if err != nil {
		return state.Unknown{Reason: fmt.Sprintf("PodDisruptionBudget %s: %s", budget.Name, err)}
	}
	if kept < covered || covered == 0 {
		return nil
	}
	path, terms := blockingTerms(budget, kept, covered)
	pass.Report(Finding{
		Path:    path,
		Message: fmt.Sprintf("PodDisruptionBudget %s, with %s, lets no pod be evicted: a node drain waits without end.", budget.Name, terms),
		Fix:     "Set maxUnavailable: 1 in the budget.",
	})
	return nil
}

// blockingTerms are those of a budget that allows no eviction, and the field that leads to them.
func blockingTerms(budget *policyv1.PodDisruptionBudget, kept, covered int) (*field.Path, string) {
	byLabels := specPath.Child("template", "metadata", "labels")
	switch spec := budget.Spec; {
	case spec.MaxUnavailable != nil:
		return byLabels, "maxUnavailable " + spec.MaxUnavailable.String()
	case spec.MinAvailable == nil:
		return byLabels, "neither minAvailable nor maxUnavailable"
	case !dependsOnCount(budget):
		return byLabels, "minAvailable " + spec.MinAvailable.String()
	}
	return specPath.Child("replicas"), fmt.Sprintf("minAvailable %s, which is %d of a minimum of %s",
		budget.Spec.MinAvailable, kept, pods(covered))
}

// dependsOnCount reports whether the number of pods decides if the budget allows an eviction.
func dependsOnCount(budget *policyv1.PodDisruptionBudget) bool {
	least := budget.Spec.MinAvailable
	return budget.Spec.MaxUnavailable == nil && least != nil && *least != intstr.FromString("100%")
}
