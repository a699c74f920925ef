package rules

import (
	"context"
	"errors"
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
	Doc: `# Recreate ends every pod before it starts a new one

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
	Reads: []schema.GroupVersionKind{state.Service, state.PersistentVolumeClaim},
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
	var unknown error
	for _, volume := range deployment.Spec.Template.Spec.Volumes {
		if volume.PersistentVolumeClaim == nil {
			continue
		}
		modes, err := accessModes(ctx, pass, deployment.Namespace, volume.PersistentVolumeClaim.ClaimName)
		switch {
		case errors.As(err, new(state.Unknown)):
			unknown = err
		case err != nil:
			return false, err
		case isExclusive(modes):
			return true, nil
		}
	}
	return false, unknown
}

// isExclusive reports whether a claim of these modes cannot be shared. It is bound to a volume that offers
// them all, so that one which many nodes may use is enough. The source is IsMultiAttachAllowed in
// pkg/volume/util of Kubernetes.
func isExclusive(modes []corev1.PersistentVolumeAccessMode) bool {
	return len(modes) > 0 && !slices.ContainsFunc(modes, func(mode corev1.PersistentVolumeAccessMode) bool {
		return mode == corev1.ReadWriteMany || mode == corev1.ReadOnlyMany
	})
}

// accessModes returns the access modes of a claim. One that is not there yet may come with the next file
// that is applied, so that its modes are not known, however complete the listing.
func accessModes(ctx context.Context, pass *Pass, namespace, claim string) ([]corev1.PersistentVolumeAccessMode, error) {
	claims, _, err := state.List[*corev1.PersistentVolumeClaim](ctx, pass.State, state.Query{
		Kind: state.PersistentVolumeClaim, Namespace: namespace, Name: claim,
	})
	if err != nil {
		return nil, err
	}
	if len(claims) > 0 {
		return claims[0].Spec.AccessModes, nil
	}
	return nil, state.Unknown{Reason: fmt.Sprintf("the access modes of PersistentVolumeClaim %s are not known", claim)}
}
