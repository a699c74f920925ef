package rules

import (
	"context"
	"fmt"

	appsv1 "k8s.io/api/apps/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"greenlight.dev/greenlight/api/v1alpha1"
	"greenlight.dev/greenlight/state"
	"greenlight.dev/greenlight/traffic"
)

var quotaBlocksSurge = &Rule{
	ID: "quota-blocks-surge",
	Doc: `# The namespace's quota has no room for the new pods

maxSurge pods are made beside the old ones. Where a ResourceQuota has no room for any of them, and
maxUnavailable is 0 so that no old pod goes to make room, the rollout never moves. Where it has room for
some of them, the rollout is slower: a warning at most.

A new Deployment needs room for all of its pods. A second colour beside the first needs twice the capacity
for as long as both run.

Quotas for pods, cpu and memory count, by what the template requests and limits. A quota with scopes counts
only if it is certain to apply.

## Wrong

    kind: ResourceQuota
    spec:
      hard:
        pods: 3
    ---
    kind: Deployment
    spec:
      replicas: 3
      strategy:
        rollingUpdate:
          maxUnavailable: 0
          maxSurge: 1

## Right

    kind: ResourceQuota
    spec:
      hard:
        pods: 4

## How to fix it

Raise the quota by what maxSurge pods take, or by all replicas for blue/green. Where it cannot be raised,
let an old pod go first, with maxUnavailable: 1 and maxSurge: 0.
`,
	Kinds: deployments,
	Reads: []schema.GroupVersionKind{state.ResourceQuota, state.ReplicaSet},
	Run:   runQuotaBlocksSurge,
}

func runQuotaBlocksSurge(ctx context.Context, pass *Pass) error {
	deployment := pass.Object.(*appsv1.Deployment)
	if pass.Op == Create {
		return judgeNewPods(ctx, pass, deployment)
	}
	rolling, err := rollingUpdate(deployment)
	if err != nil || !waitsForSurge(rolling) {
		return err
	}
	surging, err := isSurging(ctx, pass, deployment)
	if err != nil || surging {
		return err
	}
	return judgeSurge(ctx, pass, deployment, rolling)
}

func judgeNewPods(ctx context.Context, pass *Pass, deployment *appsv1.Deployment) error {
	replicas := traffic.Replicas(deployment.Spec.Replicas)
	tightest, err := findShortage(ctx, pass, deployment, replicas)
	if err != nil || tightest == nil {
		return err
	}
	pass.Report(Finding{
		Path:    specPath.Child("replicas"),
		Message: fmt.Sprintf("%s has room for %d of %s (%s): the rest is not made.", tightest.quota, tightest.room, pods(replicas), tightest.numbers()),
		Fix:     fmt.Sprintf("Raise %s in %s, or remove other pods first.", tightest.resource, tightest.quota),
	})
	return nil
}

func judgeSurge(ctx context.Context, pass *Pass, deployment *appsv1.Deployment, rolling traffic.RollingUpdate) error {
	tightest, err := findShortage(ctx, pass, deployment, rolling.Surge)
	if err != nil || tightest == nil {
		return err
	}
	finding := Finding{
		Path: specPath.Child("strategy", "rollingUpdate", "maxSurge"),
		Message: fmt.Sprintf("%s: %s has no room for a new pod (%s), so the rollout never moves.",
			surgeNumbers(deployment, rolling), tightest.quota, tightest.numbers()),
		Fix: fmt.Sprintf("Raise %s in %s%s.", tightest.resource, tightest.quota, orWithoutSurge(rolling.Replicas)),
	}
	if tightest.room > 0 {
		finding.AtMost = v1alpha1.Warn
		finding.Message = fmt.Sprintf("%s: %s has room for %d of %s above replicas (%s), so the rollout takes more steps.",
			surgeNumbers(deployment, rolling), tightest.quota, tightest.room, pods(rolling.Surge), tightest.numbers())
	}
	pass.Report(finding)
	return nil
}

// isSurging reports whether there are surged pods already, in the middle of a rollout: the quota counts
// them as used, and had room for them.
func isSurging(ctx context.Context, pass *Pass, deployment *appsv1.Deployment) (bool, error) {
	if deployment.UID == "" {
		return false, nil
	}
	owned, _, err := state.List[*appsv1.ReplicaSet](ctx, pass.State, state.Query{
		Kind: state.ReplicaSet, Namespace: deployment.Namespace, OwnedBy: deployment.UID,
	})
	existing := 0
	for _, rs := range owned {
		existing += int(rs.Status.Replicas)
	}
	return existing > traffic.Replicas(deployment.Spec.Replicas), err
}
