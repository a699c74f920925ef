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

var servingWorkloadDrained = &Rule{
	ID: "serving-workload-drained",
	Doc: `# What serves now is taken away

Deleting a workload, or scaling it to 0, takes its pods out of every Service that selects them. Where no
other pod serves the Service, it has no endpoints from then on: the colour that is live was removed
instead of the idle one.

What leaves the pods alone passes (--cascade=orphan), and so does what no Service needs: nothing serves
it now, or other pods do. A StatefulSet loses its pods with the highest ordinals first, ready or not.

## Wrong

    kubectl scale deployment/blue --replicas=0     # the Service selects blue

## Right

    kubectl patch service hello -p '{"spec":{"selector":{"version":"green"}}}'
    kubectl scale deployment/blue --replicas=0

## How to fix it

Switch the Service to pods that are ready first, or delete the Service if nobody needs it any more.
`,
	Kinds: workloads,
	Ops:   []Operation{Update, Delete},
	Reads: []schema.GroupVersionKind{state.Service, state.Pod, state.ReplicaSet, state.Namespace},
	Run:   runServingWorkloadDrained,
}

func runServingWorkloadDrained(ctx context.Context, pass *Pass) error {
	workload, remaining := pass.Object, 0
	if pass.Op == Update {
		workload, remaining = pass.Old, replicasOf(pass.Object)
	}
	if pass.Orphans || isControlled(workload) || remaining >= replicasOf(workload) || remaining > 0 && !losesByOrdinal(workload) {
		return nil
	}
	services, err := servicesNow(ctx, pass, workload)
	if err != nil || len(services) == 0 {
		return err
	}
	if ending, err := namespaceEnds(ctx, pass, workload.GetNamespace()); err != nil || ending {
		return err
	}
	leaving, err := leavingPods(ctx, pass, workload, remaining)
	if err != nil {
		return err
	}
	for _, service := range services {
		pods, _, err := state.List[*corev1.Pod](ctx, pass.State, state.Query{
			Kind: state.Pod, Namespace: service.Namespace, Labels: state.ServiceSelector(service), Live: true,
		})
		if err != nil {
			return err
		}
		decision := traffic.Drain{Service: service, Pods: pods, Leaving: leaving}.Decide()
		if decision.Outcome == traffic.Deny {
			pass.Report(Finding{Path: drainedPath(pass.Op), Message: drained(pass.Op, decision.Reason), Fix: decision.Fix})
		}
	}
	return nil
}

func drainedPath(op Operation) *field.Path {
	if op == Delete {
		return field.NewPath("metadata", "name")
	}
	return specPath.Child("replicas")
}

func drained(op Operation, reason string) string {
	if op == Delete {
		return fmt.Sprintf("deleting it takes away what serves: %s.", reason)
	}
	return fmt.Sprintf("scaling it down takes away what serves: %s.", reason)
}
