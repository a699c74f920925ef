package rules

import (
	"context"
	"fmt"

	appsv1 "k8s.io/api/apps/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"greenlight.dev/greenlight/state"
	"greenlight.dev/greenlight/traffic"
)

var antiAffinityBlocksSurge = &Rule{
	ID: "anti-affinity-blocks-surge",
	Doc: `# The new pod may not run where the old ones do

A required anti-affinity of pods to each other lets one of them run in each domain: on each node, or in
each zone. maxSurge starts a new pod beside the old ones, so that it needs a domain without any. Where
there are no more domains than replicas it stays Pending, and with maxUnavailable at 0 no old pod goes to
make room: the rollout never moves (kubernetes/kubernetes#116891).

The domains are counted over the nodes that may run the pods: neither cordoned nor tainted for them, and
with the labels of their nodeSelector.

## Wrong

    podAntiAffinity:
      requiredDuringSchedulingIgnoredDuringExecution:
        - topologyKey: topology.kubernetes.io/zone
          labelSelector:
            matchLabels:
              app: web

## Right

    podAntiAffinity:
      requiredDuringSchedulingIgnoredDuringExecution:
        - topologyKey: topology.kubernetes.io/zone
          labelSelector:
            matchLabels:
              app: web
          matchLabelKeys:
            - pod-template-hash

## How to fix it

Let only pods of the same revision avoid each other, with matchLabelKeys (Kubernetes 1.31), or prefer the
anti-affinity instead of requiring it. With maxUnavailable: 1 and maxSurge: 0 an old pod goes first.
`,
	Kinds: deployments,
	Reads: []schema.GroupVersionKind{state.Node},
	Run:   runAntiAffinityBlocksSurge,
}

func runAntiAffinityBlocksSurge(ctx context.Context, pass *Pass) error {
	deployment := pass.Object.(*appsv1.Deployment)
	rolling, err := rollingUpdate(deployment)
	if err != nil || !waitsForSurge(rolling) {
		return err
	}
	terms, unknown := againstItself(deployment)
	if len(terms) == 0 {
		return unknown
	}
	nodes, complete, err := nodesFor(ctx, pass, &deployment.Spec.Template.Spec)
	if err != nil {
		return err
	}
	for _, term := range terms {
		domains, unbounded := countDomains(nodes, term.topologyKey)
		switch {
		case domains == 0:
			unknown = state.Unknown{Reason: fmt.Sprintf("no node is known that may run these pods and has the label %s", term.topologyKey)}
		case unbounded || domains > rolling.Replicas:
		case !complete:
			unknown = state.Unknown{Reason: "not every node is known, and a new pod may have one of its own"}
		default:
			pass.Report(antiAffinityFinding(deployment, rolling, term, domains))
		}
	}
	return unknown
}

func antiAffinityFinding(deployment *appsv1.Deployment, rolling traffic.RollingUpdate, term selfTerm, domains int) Finding {
	return Finding{
		Path: antiAffinityPath.Index(term.index).Child("topologyKey"),
		Message: fmt.Sprintf("%s: an old pod (replicas: %d) is in every domain of %s (%d among the nodes), so the new pod stays Pending and the rollout never moves.",
			surgeNumbers(deployment, rolling), rolling.Replicas, term.topologyKey, domains),
		Fix: "Add matchLabelKeys: [pod-template-hash] to the term" + orWithoutSurge(rolling.Replicas) + ".",
	}
}
