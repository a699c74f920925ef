package rules

import (
	"cmp"
	"context"
	"maps"
	"slices"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"

	"greenlight.dev/greenlight/state"
	"greenlight.dev/greenlight/traffic"
)

// switchGatherer collects the facts of a switch with live reads:
//   - 2 lists of pods, those of the old and of the new selector;
//   - 1 get for each ReplicaSet that controls some of them;
//   - 1 get for each workload that the switch brings in, and 1 list of its ReplicaSets for a Deployment;
//   - 2 gets for each owner of pods that are selected before and after, where others are not any more, and 1
//     list of its ReplicaSets for a Deployment that replaces them;
//   - 1 list of EndpointSlices, only where the Service had no selector.
//
// Their number does not grow with the namespace. A cache only says which workloads to ask for, and which
// autoscalers to name.
type switchGatherer struct {
	reader state.Reader
	facts  traffic.Switch
	// deployments, replicaSets and statefulSets are the names of the workloads to read.
	deployments, replicaSets, statefulSets map[string]bool
	// owned are ReplicaSets by name, with the UID of their Deployment: another may have its name now.
	owned map[string]types.UID
	// owners are the StatefulSets that control pods: the names by UID.
	owners map[types.UID]string
	// foreign are the ReplicaSets that what is not judged controls.
	foreign map[types.UID]bool
	// unjudged are the controllers of pods that are not known, such as "Rollout web".
	unjudged map[string]bool
}

func gatherSwitch(ctx context.Context, reader state.Reader, old, updated *corev1.Service) (traffic.Switch, error) {
	g := &switchGatherer{
		reader:      reader,
		facts:       traffic.Switch{Old: old, New: updated},
		deployments: map[string]bool{}, replicaSets: map[string]bool{}, statefulSets: map[string]bool{},
		owned: map[string]types.UID{}, owners: map[types.UID]string{}, foreign: map[types.UID]bool{}, unjudged: map[string]bool{},
	}
	steps := []func(context.Context) error{
		g.pods, g.endpointSlices, g.ofTemplates, g.ofPods,
		g.incomingDeployments, g.incomingReplicaSets, g.incomingStatefulSets, g.autoscalers, g.rollout, g.going,
	}
	for _, step := range steps {
		if err := step(ctx); err != nil {
			return traffic.Switch{}, err
		}
	}
	g.facts.Unjudged = slices.Sorted(maps.Keys(g.unjudged))
	return g.facts, nil
}

// pods reads what either selector selects, each pod once.
func (g *switchGatherer) pods(ctx context.Context) error {
	seen := map[string]bool{}
	for _, service := range []*corev1.Service{g.facts.Old, g.facts.New} {
		if !selectsPods(service) {
			continue
		}
		pods, complete, err := podsOf(ctx, g.reader, service)
		if err != nil {
			return err
		}
		if !complete {
			return state.Unknown{Reason: "whether pods are ready can only be known in the cluster"}
		}
		for _, pod := range pods {
			if !seen[pod.Name] {
				seen[pod.Name] = true
				g.facts.Pods = append(g.facts.Pods, pod)
			}
		}
	}
	slices.SortFunc(g.facts.Pods, func(a, b *corev1.Pod) int { return cmp.Compare(a.Name, b.Name) })
	return nil
}

func (g *switchGatherer) named(kind schema.GroupVersionKind, name string) state.Query {
	return state.Query{Kind: kind, Namespace: g.facts.New.Namespace, Name: name}
}
