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

It passes where a pod of another workload serves the Service now, and where nothing serves it. That
another workload is meant to have pods is not enough: they may not be ready.

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
	Kinds: deployments,
	Ops:   []Operation{Update},
	Reads: append([]schema.GroupVersionKind{state.Service, state.Pod}, workloads...),
	Races: relabelsPods,
	Run:   runPodsLeaveService,
}

// relabelsPods reports whether the pods get other labels as the rollout proceeds.
func relabelsPods(pass *Pass) bool {
	return !maps.Equal(state.TemplateLabels(pass.Old), state.TemplateLabels(pass.Object)) &&
		replicasOf(pass.Old) > 0 && replicasOf(pass.Object) > 0
}

func runPodsLeaveService(ctx context.Context, pass *Pass) error {
	if !relabelsPods(pass) {
		return nil
	}
	old, updated := pass.Old.(*appsv1.Deployment), pass.Object.(*appsv1.Deployment)
	served, err := servedBy(ctx, pass, old)
	if err != nil {
		return err
	}
	for _, service := range served {
		// Clients of a headless Service look for its pods themselves.
		if service.Spec.ClusterIP == corev1.ClusterIPNone || traffic.Selects(service, updated.Spec.Template.Labels) {
			continue
		}
		empties, err := emptied(ctx, pass, service)
		if err != nil {
			return err
		}
		if empties {
			pass.Report(leaving(service, old, updated))
		}
	}
	return nil
}

// emptied reports whether the Service, which does not select the new pods, has none left after the
// rollout. Outside of the cluster, only the numbers that the workloads ask for can say so.
func emptied(ctx context.Context, pass *Pass, service *corev1.Service) (bool, error) {
	pods, complete, err := podsOf(ctx, pass.State, service)
	if err != nil {
		return false, err
	}
	if !complete {
		others, err := selectsAny(ctx, pass, service, servesBeside(pass.Object.(*appsv1.Deployment)))
		return err == nil && !others, err
	}
	serving := traffic.Serving(pods, service)
	if len(serving) == 0 {
		// Nothing can be lost, and a fix of the outage must not be kept out.
		return false, nil
	}
	own, err := revisionUIDs(ctx, pass.State, pass.Old.(*appsv1.Deployment))
	if err != nil {
		return false, err
	}
	return !slices.ContainsFunc(serving, func(pod *corev1.Pod) bool { return !isOwnedByAny(pod, own) }), nil
}

// servesBeside returns whether a workload other than the Deployment has pods.
func servesBeside(deployment *appsv1.Deployment) func(state.Object) bool {
	return func(workload state.Object) bool {
		_, isDeployment := workload.(*appsv1.Deployment)
		isItself := isDeployment && workload.GetName() == deployment.Name
		return !isItself && replicasOf(workload) > 0
	}
}

func leaving(service *corev1.Service, old, updated *appsv1.Deployment) Finding {
	key := lostLabel(service, updated.Spec.Template.Labels)
	return Finding{
		Path: specPath.Child("template", "metadata", "labels").Key(key),
		Message: fmt.Sprintf("the rollout takes %s out of Service %s: it selects %s=%s, which the new template does not have, and no other workload serves it.",
			allPods(replicasOf(old)), service.Name, key, service.Spec.Selector[key]),
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
