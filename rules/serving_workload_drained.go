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
instead of the idle one. Each port of the Service is judged on its own.

It passes where nothing serves the Service now, or where other pods do and stay. A pod stays as long as
what controls it keeps it, or replaces it by one that the Service selects: not one of a Deployment that is
scaled to 0 or deleted at the same time, or that is rolling out a template which the Service does not select.

What leaves the pods alone passes (--cascade=orphan), and so do the end of a namespace and the controllers of
Kubernetes, an autoscaler among them. Pods that were orphaned belong to the workload that is about to adopt
them: a Deployment that selects them and is made with 0 replicas takes them away, and so may
--cascade=orphan while the controller has not come to what adopts them.

A Deployment that is scaled down in the middle of a rollout shrinks each of its ReplicaSets in proportion,
ready or not: a pod that serves must be left. A StatefulSet loses its pods with the highest ordinals first,
ready or not. Behind a headless Service, and for what another workload controls, it is a warning.

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
	Ops:    []Operation{Create, Update, Delete},
	Scales: true,
	Reads:  []schema.GroupVersionKind{state.Service, state.Pod, state.Deployment, state.ReplicaSet, state.StatefulSet},
	Gets:   append([]schema.GroupVersionKind{state.Namespace}, workloads...),
	Races:  func(pass *Pass) bool { return pass.Op != Create && drains(pass) },
	Run:    runServingWorkloadDrained,
}

// drains reports whether the change can take pods that serve.
func drains(pass *Pass) bool { return !orphansPods(pass) && newDrainage(pass).takesPods() }

// orphansPods reports whether a deletion leaves the pods alone. The garbage collector deletes what the workload
// adopts while it is being deleted, so it must have adopted all before: a controller does so before it says
// that it has seen the workload.
func orphansPods(pass *Pass) bool { return pass.Orphans && traffic.IsObserved(pass.Object) }

func runServingWorkloadDrained(ctx context.Context, pass *Pass) error {
	if !drains(pass) {
		return nil
	}
	d := newDrainage(pass)
	services, err := servicesOf(ctx, pass.State, d.workload.GetNamespace())
	if err != nil || len(services) == 0 {
		return err
	}
	if ending, err := d.namespaceEnds(ctx); err != nil || ending {
		return err
	}
	if err := d.findLeaving(ctx); err != nil {
		return err
	}
	settlement := newSettlement(pass.State)
	for _, service := range slices.DeleteFunc(services, func(service *corev1.Service) bool { return !d.touches(service) }) {
		drain, err := settlement.drain(ctx, service, d.leaves)
		if err != nil {
			return err
		}
		d.report(service, drain.Decide())
	}
	return nil
}

// report reports a Service that loses what serves it.
func (d *drainage) report(service *corev1.Service, decision traffic.Decision) {
	if decision.Outcome != traffic.Deny {
		return
	}
	finding := Finding{
		Path: drainedPath(d.pass.Op), Message: drained(d.pass.Op, decision.Reason), Fix: decision.Fix, AtMost: d.limit(service),
	}
	switch {
	case d.inRollout():
		finding.Message = drainedInRollout(decision.Reason)
		finding.Fix = finishRollout(d.workload)
	case d.pass.Orphans:
		finding.Message = fmt.Sprintf("its controller has not seen it yet, so --cascade=orphan may take away what serves: %s.", decision.Reason)
		finding.Fix = "Retry in a few seconds."
	}
	d.pass.Report(finding)
}

// limit is milder where the guard may be wrong: clients of a headless Service look for its pods
// themselves, and what another workload controls is that one's to take away.
func (d *drainage) limit(service *corev1.Service) v1alpha1.Mode {
	if isHeadless(service) || metav1.GetControllerOf(d.workload) != nil {
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
	switch op {
	case Create:
		return fmt.Sprintf("making it with 0 replicas takes away what serves and nothing controls: %s.", reason)
	case Delete:
		return fmt.Sprintf("deleting it takes away what serves: %s.", reason)
	}
	return fmt.Sprintf("scaling it down takes away what serves: %s.", reason)
}
