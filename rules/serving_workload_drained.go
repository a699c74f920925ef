package rules

import (
	"context"
	"fmt"
	"slices"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/util/validation/field"

	"greenlight.dev/greenlight/api/v1alpha1"
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
it now, or other pods do that stay. The end of a namespace passes, and so do the controllers of Kubernetes,
an autoscaler among them. A StatefulSet loses its pods with the highest ordinals first, ready or not. Behind
a headless Service, and for what another workload controls, it is a warning.

Where everything is to go, delete the Services first, or the namespace as a whole.

## Wrong

    kubectl scale deployment/blue --replicas=0     # the Service selects blue

## Right

    kubectl patch service hello -p '{"spec":{"selector":{"version":"green"}}}'
    kubectl scale deployment/blue --replicas=0

## How to fix it

Switch the Service to pods that are ready first, or delete the Service if nobody needs it any more.
`,
	Kinds:  workloads,
	Ops:    []Operation{Update, Delete},
	Scales: true,
	Reads: []schema.GroupVersionKind{
		state.Service, state.Pod, state.Deployment, state.ReplicaSet, state.StatefulSet, state.Namespace,
	},
	Races: drains,
	Run:   runServingWorkloadDrained,
}

// drains reports whether the change can take pods that serve.
func drains(pass *Pass) bool { return !pass.Orphans && newDrainage(pass).takesPods() }

func runServingWorkloadDrained(ctx context.Context, pass *Pass) error {
	if !drains(pass) {
		return nil
	}
	d := newDrainage(pass)
	services, err := d.services(ctx)
	if err != nil || len(services) == 0 {
		return err
	}
	if ending, err := d.namespaceEnds(ctx); err != nil || ending {
		return err
	}
	if err := d.findLeaving(ctx); err != nil {
		return err
	}
	for _, service := range services {
		if err := d.judge(ctx, service); err != nil {
			return err
		}
	}
	return nil
}

// judge reports a Service that the change leaves without pods.
func (d *drainage) judge(ctx context.Context, service *corev1.Service) error {
	if !slices.ContainsFunc(d.leaving, func(pod *corev1.Pod) bool { return traffic.Selects(service, pod.Labels) }) {
		return nil
	}
	pods, _, err := podsOf(ctx, d.pass.State, service)
	if err != nil {
		return err
	}
	going, err := d.going(ctx, traffic.Serving(pods, service))
	if err != nil {
		return err
	}
	decision := traffic.Drain{Service: service, Pods: pods, Leaving: func(pod *corev1.Pod) bool { return going[pod.Name] }}.Decide()
	if decision.Outcome == traffic.Deny {
		d.pass.Report(Finding{
			Path: drainedPath(d.pass.Op), Message: drained(d.pass.Op, decision.Reason), Fix: decision.Fix, AtMost: d.limit(service),
		})
	}
	return nil
}

// limit is milder where the guard may be wrong: clients of a headless Service look for its pods
// themselves, and what another workload controls is that one's to take away.
func (d *drainage) limit(service *corev1.Service) v1alpha1.Mode {
	if service.Spec.ClusterIP == corev1.ClusterIPNone || metav1.GetControllerOf(d.workload) != nil {
		return v1alpha1.Warn
	}
	return ""
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
