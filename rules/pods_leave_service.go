package rules

import (
	"context"
	"fmt"
	"maps"
	"slices"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"greenlight.dev/greenlight/state"
	"greenlight.dev/greenlight/traffic"
)

var podsLeaveService = &Rule{
	ID: "pods-leave-service",
	Doc: `# The new pods are not selected by the Service any more

A change of the pod template's labels can take the pods out of a Service: the rollout replaces each pod
that the Service selects by one that it does not, and when it is complete nothing is left to serve. No
probe fails, and the rollout is reported as a success.

It passes where nothing serves the Service, and where a pod that stays does: one of another workload, which
is not scaled to 0, deleted or relabelled itself, or one that a StatefulSet leaves alone, as OnDelete and a
partition make it. That another workload is meant to have pods is not enough: they may not be ready.

To resume a Deployment, or to change the strategy of a StatefulSet, can set off what an earlier change of the
labels left pending, and is judged as well. A ReplicaSet replaces no running pod, whatever its template. A
Deployment that is created adopts the pods that a deletion with --cascade=orphan left, and replaces them as
well. If that was in the middle of a rollout, it may keep those that the Service does not select. Of a
StatefulSet that is created that is not judged: nobody knows which labels its pods had of a template, and which
of what runs in them.

## Wrong

    kind: Deployment
    spec:
      template:
        metadata:
          labels:
            app: web
            version: v2        # it was v1, which the Service selects

## Right

    kind: Deployment
    metadata:
      name: web-v2             # a second Deployment, to switch the Service to

## How to fix it

Keep the labels that the Service selects. To switch between versions by a label, run each as a Deployment
of its own and change the Service's selector once the new one is ready.
`,
	Kinds: []schema.GroupVersionKind{state.Deployment, state.StatefulSet},
	Ops:   []Operation{Create, Update},
	Reads: append([]schema.GroupVersionKind{state.Service, state.Pod}, workloads...),
	Gets:  workloads,
	Races: relabelsPods,
	Run:   runPodsLeaveService,
}

// relabelsPods reports whether the pods get other labels as the rollout proceeds.
func relabelsPods(pass *Pass) bool {
	return pass.Op == Update && replacesPods(pass.Old, pass.Object) &&
		traffic.ReplicasOf(pass.Old) > 0 && traffic.ReplicasOf(pass.Object) > 0
}

func runPodsLeaveService(ctx context.Context, pass *Pass) error {
	if pass.Op == Create {
		return relabelsAdopted(ctx, pass)
	}
	if !relabelsPods(pass) {
		return nil
	}
	own, err := ownPodsOf(ctx, pass.State, pass.Old)
	if err != nil {
		return err
	}
	if !own.complete {
		return leaveByTemplate(ctx, pass)
	}
	return leaveByPods(ctx, pass, own)
}

// relabelsAdopted judges what a Deployment that is created does to the pods that it adopts. Mostly no
// ReplicaSet has such labels, and then there is nothing to ask for: outside of the cluster, where nobody knows
// them all, a manifest is judged as one that adopts nothing.
func relabelsAdopted(ctx context.Context, pass *Pass) error {
	deployment, ok := pass.Object.(*appsv1.Deployment)
	if !ok || traffic.ReplicasOf(deployment) == 0 {
		return nil
	}
	known, _, err := state.List[*appsv1.ReplicaSet](ctx, pass.State, state.Query{
		Kind: state.ReplicaSet, Namespace: deployment.Namespace, Labels: state.Selector(deployment),
	})
	if err != nil || len(known) == 0 {
		return err
	}
	own, err := ownPodsOf(ctx, pass.State, deployment)
	if err != nil || len(own.pods) == 0 {
		return err
	}
	return leaveByPods(ctx, pass, own)
}

func leaveByPods(ctx context.Context, pass *Pass, own ownPods) error {
	services, err := servicesOf(ctx, pass.State, pass.Object.GetNamespace())
	if err != nil {
		return err
	}
	settlement := newSettlement(pass.State)
	for _, service := range slices.DeleteFunc(services, isHeadless) {
		if err := leaveService(ctx, pass, own, settlement, service); err != nil {
			return err
		}
	}
	return nil
}

func leaveService(ctx context.Context, pass *Pass, own ownPods, settlement *settlement, service *corev1.Service) error {
	unserved, err := settlement.unservedWithout(ctx, service, replacement{own, pass.Object}.leaving(service))
	if err != nil {
		return err
	}
	if unserved != "" {
		pass.Report(leaves(pass, service, unserved))
		return nil
	}
	deployment, ok := pass.Object.(*appsv1.Deployment)
	if !ok || pass.Op != Create {
		return nil
	}
	adopted := adoptedInRollout{deployment, own, settlement}
	leaving, err := adopted.leaving(ctx, service)
	if err != nil {
		return err
	}
	if unserved, err = settlement.unservedWithout(ctx, service, leaving); err == nil && unserved != "" {
		pass.Report(adopted.finding(service, unserved))
	}
	return err
}

// isHeadless says that clients look for the pods of a Service themselves.
func isHeadless(service *corev1.Service) bool { return service.Spec.ClusterIP == corev1.ClusterIPNone }

func leaves(pass *Pass, service *corev1.Service, unserved string) Finding {
	key := lostLabel(service, state.TemplateLabels(pass.Object))
	return Finding{
		Path: specPath.Child("template", "metadata", "labels").Key(key),
		Message: fmt.Sprintf("the rollout takes %s out of Service %s: it selects %s=%s, which the new template does not have, and no other pod serves %s.",
			replacedPods(pass), service.Name, key, service.Spec.Selector[key], unserved),
		Fix: fmt.Sprintf("Keep the label %s: %s.", key, service.Spec.Selector[key]),
		Now: true,
	}
}

// lostLabel is the first label that the Service asks for and the pods, which it does not select, lack.
func lostLabel(service *corev1.Service, podLabels map[string]string) string {
	keys := slices.Sorted(maps.Keys(service.Spec.Selector))
	return keys[slices.IndexFunc(keys, func(key string) bool {
		value, has := podLabels[key]
		return !has || value != service.Spec.Selector[key]
	})]
}
