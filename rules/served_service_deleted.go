package rules

import (
	"context"
	"fmt"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/util/validation/field"

	"greenlight.dev/greenlight/state"
	"greenlight.dev/greenlight/traffic"
)

var servedServiceDeleted = &Rule{
	ID: "served-service-deleted",
	Doc: `# A Service that pods serve is deleted

With the Service go its name in DNS and its address. Whoever still uses them fails at once, and a Service
made anew under the same name has another address. kubectl replace --force deletes the Service as well.

It is a warning, because nothing tells a Service that is still used from one that is not.

## Wrong

    kubectl replace --force -f service.yaml

## Right

    kubectl apply -f service.yaml

## How to fix it

Change the Service in place. Before it is deleted, make sure that nobody calls it any more.
`,
	Kinds: services,
	Ops:   []Operation{Delete},
	Reads: []schema.GroupVersionKind{state.Pod},
	Run:   runServedServiceDeleted,
}

func runServedServiceDeleted(ctx context.Context, pass *Pass) error {
	service := pass.Object.(*corev1.Service)
	if !selectsPods(service) {
		return nil
	}
	found, complete, err := podsOf(ctx, pass.State, service)
	if err != nil {
		return err
	}
	serving := len(traffic.Serving(found, service))
	switch {
	case serving > 0:
		pass.Report(Finding{
			Path:    field.NewPath("metadata", "name"),
			Message: fmt.Sprintf("it is deleted while %s it: whoever calls it by name or address fails at once.", serve(serving)),
			Fix:     "Make sure that nobody calls it any more, or change it in place.",
		})
	case !complete:
		return state.Unknown{Reason: "which pods serve can only be known in the cluster"}
	}
	return nil
}

// serve counts pods that serve for a message.
func serve(n int) string {
	if n == 1 {
		return "1 pod serves"
	}
	return fmt.Sprintf("%d pods serve", n)
}
