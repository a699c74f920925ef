package rules

import (
	"context"
	"fmt"
	"slices"

	appsv1 "k8s.io/api/apps/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"greenlight.dev/greenlight/state"
)

var selectorOverlap = &Rule{
	ID: "selector-overlap",
	Doc: `# The selectors of two Deployments overlap

A Deployment's selector says which pods are its own, and nothing keeps it from matching those of another
Deployment as well (kubernetes/kubernetes#24152). Both count them from then on: an autoscaler scales the
one by the load of the other, kubectl logs shows the pods of both, and a ReplicaSet that has lost its
owner is adopted by either.

A selector cannot be changed later, so a new Deployment is denied. An update of one that overlaps
already is a warning.

## Wrong

    metadata:
      name: web-canary
    spec:
      selector:
        matchLabels:
          app: web

## Right

    metadata:
      name: web-canary
    spec:
      selector:
        matchLabels:
          app: web
          track: canary

## How to fix it

Give each Deployment a label that only its own pods have, in its selector and in its template. A Service
may go on selecting the labels that they share.
`,
	Kinds: deployments,
	Reads: []schema.GroupVersionKind{state.Deployment},
	Run:   runSelectorOverlap,
}

func runSelectorOverlap(ctx context.Context, pass *Pass) error {
	deployment := pass.Object.(*appsv1.Deployment)
	taken, takers, complete, err := overlapping(ctx, pass, deployment)
	if err != nil {
		return err
	}
	if len(taken) > 0 {
		pass.Report(overlap(pass, Finding{
			Path: specPath.Child("selector"),
			Message: fmt.Sprintf("the selector %s also matches the pods of %s: what counts pods by it counts both.",
				metav1.FormatLabelSelector(deployment.Spec.Selector), named("Deployment", taken)),
		}))
	}
	if len(takers) > 0 {
		pass.Report(overlap(pass, Finding{
			Path: specPath.Child("template", "metadata", "labels"),
			Message: fmt.Sprintf("the selector of %s also matches these pods, labelled %s: what counts pods by it counts both.",
				named("Deployment", takers), podLabels(deployment)),
		}))
	}
	if len(taken)+len(takers) == 0 && !complete {
		return state.Unknown{Reason: "no Deployment whose selector overlaps was seen, and not every Deployment is known"}
	}
	return nil
}

// overlapping returns the Deployments whose pods this one's selector matches, and the others whose selector
// matches this one's pods.
func overlapping(ctx context.Context, pass *Pass, deployment *appsv1.Deployment) (taken, takers []*appsv1.Deployment, complete bool, err error) {
	taken, allTaken, err := otherDeployments(ctx, pass, state.Query{TemplateLabels: state.Selector(deployment)})
	if err != nil {
		return nil, nil, false, err
	}
	takers, allTakers, err := otherDeployments(ctx, pass, state.Query{Selecting: podLabels(deployment)})
	isTaken := func(taker *appsv1.Deployment) bool {
		return slices.ContainsFunc(taken, func(other *appsv1.Deployment) bool { return other.Name == taker.Name })
	}
	return taken, slices.DeleteFunc(takers, isTaken), allTaken && allTakers, err
}

// overlap completes a finding. An update cannot change the selector, so it is only warned about.
func overlap(pass *Pass, finding Finding) Finding {
	finding.Fix = "Give each Deployment a label of its own, in its selector and in its template."
	if pass.Op == Update {
		finding.AtMost = warn
	}
	return finding
}

// otherDeployments returns the Deployments of the namespace that the query asks for, without the one
// under judgement.
func otherDeployments(ctx context.Context, pass *Pass, query state.Query) (others []*appsv1.Deployment, complete bool, err error) {
	query.Kind, query.Namespace = state.Deployment, pass.Object.GetNamespace()
	found, complete, err := state.List[*appsv1.Deployment](ctx, pass.State, query)
	isItself := func(other *appsv1.Deployment) bool { return other.Name == pass.Object.GetName() }
	return slices.DeleteFunc(found, isItself), complete, err
}
