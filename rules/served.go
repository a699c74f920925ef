package rules

import (
	"context"
	"fmt"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/util/validation/field"

	"greenlight.dev/greenlight/state"
)

var (
	deployments = []schema.GroupVersionKind{state.Deployment}
	services    = []schema.GroupVersionKind{state.Service}
)

var (
	specPath     = field.NewPath("spec")
	templatePath = specPath.Child("template", "spec")
)

// servedBy returns the Services that select a workload's pods: none if it is not served. It returns
// state.Unknown where no Service is seen and there may be others.
func servedBy(ctx context.Context, pass *Pass, workload state.Object) ([]*corev1.Service, error) {
	found, complete, err := selecting(ctx, pass, workload)
	if err != nil {
		return nil, err
	}
	if len(found) == 0 && !complete {
		return nil, state.Unknown{Reason: "no Service that selects these pods was seen, and not every Service is known"}
	}
	return found, nil
}

// selecting returns the Services that were seen to select a workload's pods, and whether they are all.
func selecting(ctx context.Context, pass *Pass, workload state.Object) (found []*corev1.Service, complete bool, err error) {
	found, complete, err = state.List[*corev1.Service](ctx, pass.State, state.Query{
		Kind: state.Service, Namespace: workload.GetNamespace(), Selecting: podLabels(workload),
	})
	hasNone := func(service *corev1.Service) bool { return !selectsPods(service) }
	return slices.DeleteFunc(found, hasNone), complete, err
}

// podLabels returns the labels of the pods that a workload makes: never nil, with which a query would ask
// for everything.
func podLabels(workload state.Object) labels.Set {
	if labelled := state.TemplateLabels(workload); labelled != nil {
		return labelled
	}
	return labels.Set{}
}

// names lists Services for a message: "Service web" or "Services api, web".
func names(services []*corev1.Service) string {
	return named("Service", services)
}

// named lists objects of a kind for a message: "Deployment web" or "Deployments api, web".
func named[T state.Object](kind string, objects []T) string {
	names := make([]string, len(objects))
	for i, object := range objects {
		names[i] = object.GetName()
	}
	// In manifests, variants of one object may lie side by side.
	names = slices.Compact(names)
	if len(names) != 1 {
		kind += "s"
	}
	return kind + " " + strings.Join(names, ", ")
}

// containerPath is the field of a container of a pod template, by its name.
func containerPath(kind, name string) *field.Path {
	return templatePath.Child(kind).Key(fmt.Sprintf("name=%q", name))
}

// pods counts pods for a message: "1 pod" or "3 pods".
func pods(n int) string {
	if n == 1 {
		return "1 pod"
	}
	return fmt.Sprintf("%d pods", n)
}
