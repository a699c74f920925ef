package rules

import (
	"context"
	"fmt"
	"slices"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"greenlight.dev/greenlight/state"
	"greenlight.dev/greenlight/traffic"
)

var recreateStrategy = &Rule{
	ID: "recreate-strategy",
	Doc: `# Recreate terminates every pod before it starts a new one

A Deployment with the Recreate strategy scales its old ReplicaSet to 0 and waits until every pod is
gone before it makes the first new one. A Service that selects it has no endpoints from then until a
new pod is ready: every rollout is an outage, by design.

A Deployment that no Service selects passes, and so does one that cannot run two pods side by side: it
mounts a claim that is ReadWriteOnce or ReadWriteOncePod and nothing more, or takes a port of its node.

## Wrong

    spec:
      strategy:
        type: Recreate

## Right

    spec:
      strategy:
        type: RollingUpdate
        rollingUpdate:
          maxUnavailable: 0
          maxSurge: 1

## How to fix it

Use RollingUpdate. Where the old and the new version cannot run at the same time, release the new one
as a second Deployment and switch the Service's selector to it.
`,
	Kinds: deployments,
	Reads: []schema.GroupVersionKind{state.Service},
	Gets:  []schema.GroupVersionKind{state.PersistentVolumeClaim},
	Run:   runRecreateStrategy,
}

func runRecreateStrategy(ctx context.Context, pass *Pass) error {
	deployment := pass.Object.(*appsv1.Deployment)
	replicas := traffic.Replicas(deployment.Spec.Replicas)
	if deployment.Spec.Strategy.Type != appsv1.RecreateDeploymentStrategyType || replicas == 0 {
		return nil
	}
	found, err := servedBy(ctx, pass, deployment)
	if err != nil || len(found) == 0 || takesNodePort(&deployment.Spec.Template.Spec) {
		return err
	}
	exclusive, err := mountsExclusively(ctx, pass, deployment)
	if err != nil || exclusive {
		return err
	}
	pass.Report(Finding{
		Path: specPath.Child("strategy", "type"),
		Message: fmt.Sprintf("Recreate ends %s before a new one starts: every rollout leaves %s without endpoints.",
			allPods(replicas), names(found)),
		Fix: "Set type: RollingUpdate with maxUnavailable: 0 and maxSurge: 1.",
	})
	return nil
}

// takesNodePort reports whether two pods of this spec cannot run on one node.
func takesNodePort(spec *corev1.PodSpec) bool {
	if spec.HostNetwork {
		return true
	}
	for _, container := range slices.Concat(spec.InitContainers, spec.Containers) {
		for _, port := range container.Ports {
			if port.HostPort != 0 {
				return true
			}
		}
	}
	return false
}

func allPods(n int) string {
	if n == 1 {
		return "the only pod"
	}
	return "all " + pods(n)
}

// mountsExclusively reports whether the pods share a claim that only one node, or one pod, can mount. It
// returns state.Unknown where a claim is not known and no other claim is exclusive.
func mountsExclusively(ctx context.Context, pass *Pass, deployment *appsv1.Deployment) (bool, error) {
	exclusive := false
	err := eachClaim(ctx, pass, deployment, func(_ corev1.Volume, modes []corev1.PersistentVolumeAccessMode) {
		exclusive = exclusive || isExclusive(modes)
	})
	if exclusive {
		return true, nil
	}
	return false, err
}
