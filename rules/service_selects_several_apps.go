package rules

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"greenlight.dev/greenlight/state"
	"greenlight.dev/greenlight/traffic"
)

var serviceSelectsSeveralApps = &Rule{
	ID: "service-selects-several-apps",
	Doc: `# The Service leads to several apps

A Service sends each request to any one of the pods that its selector matches. Where these belong to
different apps, a request for one is answered by another.

An app is known by its pods' label app.kubernetes.io/name, else app, else k8s-app. Several Deployments of
one app pass, as a canary and its stable version are; so does a Deployment that has none of these labels.

## Wrong

    spec:
      selector:
        tier: web

## Right

    spec:
      selector:
        app.kubernetes.io/name: shop
        tier: web

## How to fix it

Add a label to the selector that only the pods of the wanted app have.
`,
	Kinds: services,
	Reads: []schema.GroupVersionKind{state.Deployment},
	Run:   runServiceSelectsSeveralApps,
}

func runServiceSelectsSeveralApps(ctx context.Context, pass *Pass) error {
	service := pass.Object.(*corev1.Service)
	if !selectsPods(service) {
		return nil
	}
	found, complete, err := state.List[*appsv1.Deployment](ctx, pass.State, state.Query{
		Kind: state.Deployment, Namespace: service.Namespace, TemplateLabels: state.ServiceSelector(service),
	})
	if err != nil {
		return err
	}
	switch apps := byApp(found); {
	case len(apps) > 1:
		pass.Report(Finding{
			Path: specPath.Child("selector"),
			Message: fmt.Sprintf("the selector %s leads to %d apps: %s. Any of them answers any request.",
				labels.Set(service.Spec.Selector), len(apps), describeApps(apps)),
			Fix: "Add a label to the selector that only one app's pods have.",
		})
	case !complete:
		return state.Unknown{Reason: "no second app behind the selector was seen, and not every Deployment is known"}
	}
	return nil
}

// byApp groups the Deployments whose pods say which app they belong to.
func byApp(deployments []*appsv1.Deployment) map[string][]*appsv1.Deployment {
	apps := map[string][]*appsv1.Deployment{}
	for _, deployment := range deployments {
		if app := traffic.App(deployment.Spec.Template.Labels); app != "" {
			apps[app] = append(apps[app], deployment)
		}
	}
	return apps
}

// describeApps lists apps for a message: "api (Deployment api), web (Deployments web, web-canary)".
func describeApps(apps map[string][]*appsv1.Deployment) string {
	var described []string
	for _, app := range slices.Sorted(maps.Keys(apps)) {
		described = append(described, fmt.Sprintf("%s (%s)", app, named("Deployment", apps[app])))
	}
	return strings.Join(described, ", ")
}
