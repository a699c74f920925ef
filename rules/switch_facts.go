package rules

import (
	"cmp"
	"context"
	"maps"
	"slices"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"

	"greenlight.dev/greenlight/state"
	"greenlight.dev/greenlight/traffic"
)

// switchGatherer collects the facts of a switch with live reads: 2 lists of pods, 1 get for each
// ReplicaSet that controls some of them, and for each workload that the switch brings in 1 get and 1 list.
// Their number does not grow with the namespace. A cache only says which workloads to ask for.
type switchGatherer struct {
	reader      state.Reader
	facts       traffic.Switch
	deployments map[string]bool
	// owned are ReplicaSets by name, with the UID of their Deployment: another may have its name now.
	owned       map[string]types.UID
	replicaSets map[string]bool
	unjudged    map[string]bool
}

func gatherSwitch(ctx context.Context, reader state.Reader, old, updated *corev1.Service) (traffic.Switch, error) {
	g := &switchGatherer{
		reader:      reader,
		facts:       traffic.Switch{Old: old, New: updated},
		deployments: map[string]bool{}, owned: map[string]types.UID{}, replicaSets: map[string]bool{}, unjudged: map[string]bool{},
	}
	for _, step := range []func(context.Context) error{g.pods, g.candidates, g.owners, g.incoming, g.rollout} {
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
		if len(service.Spec.Selector) == 0 {
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

// candidates notes the workloads whose template the switch brings in, with or without pods yet.
func (g *switchGatherer) candidates(ctx context.Context) error {
	selector := state.ServiceSelector(g.facts.New)
	namespace := g.facts.New.Namespace
	deployments, _, err := state.List[*appsv1.Deployment](ctx, g.reader, state.Query{
		Kind: state.Deployment, Namespace: namespace, TemplateLabels: selector,
	})
	if err != nil {
		return err
	}
	for _, deployment := range deployments {
		if g.facts.BringsIn(deployment.Spec.Template.Labels) {
			g.deployments[deployment.Name] = true
		}
	}
	replicaSets, _, err := state.List[*appsv1.ReplicaSet](ctx, g.reader, state.Query{
		Kind: state.ReplicaSet, Namespace: namespace, TemplateLabels: selector,
	})
	if err != nil {
		return err
	}
	for _, rs := range replicaSets {
		if traffic.Replicas(rs.Spec.Replicas) > 0 && g.facts.BringsIn(rs.Spec.Template.Labels) {
			g.noteReplicaSet(rs)
		}
	}
	return nil
}

// owners notes the workloads that control the pods which the switch brings in.
func (g *switchGatherer) owners(ctx context.Context) error {
	asked := map[types.UID]bool{}
	for _, pod := range g.facts.Pods {
		owner := metav1.GetControllerOf(pod)
		if owner == nil || asked[owner.UID] || !g.facts.BringsIn(pod.Labels) {
			continue
		}
		asked[owner.UID] = true
		if !isOfKind(owner, state.ReplicaSet) {
			g.unjudged[owner.Kind+" "+owner.Name] = true
			continue
		}
		rs, err := get[*appsv1.ReplicaSet](ctx, g.reader, g.named(state.ReplicaSet, owner.Name))
		if err != nil {
			return err
		}
		if rs != nil {
			g.noteReplicaSet(*rs)
		}
	}
	return nil
}

func (g *switchGatherer) noteReplicaSet(rs *appsv1.ReplicaSet) {
	switch owner := metav1.GetControllerOf(rs); {
	case owner == nil:
		g.replicaSets[rs.Name] = true
	case isOfKind(owner, state.Deployment):
		g.deployments[owner.Name] = true
		g.owned[rs.Name] = owner.UID
	default:
		g.unjudged[owner.Kind+" "+owner.Name] = true
	}
}

// isOfKind tells owners by their API group too: other groups have kinds of the same names.
func isOfKind(owner *metav1.OwnerReference, kind schema.GroupVersionKind) bool {
	return schema.FromAPIVersionAndKind(owner.APIVersion, owner.Kind).GroupKind() == kind.GroupKind()
}

// incoming reads each workload that was noted as it is now.
func (g *switchGatherer) incoming(ctx context.Context) error {
	found := map[types.UID]bool{}
	for _, name := range slices.Sorted(maps.Keys(g.deployments)) {
		deployment, err := get[*appsv1.Deployment](ctx, g.reader, g.named(state.Deployment, name))
		if err != nil {
			return err
		}
		if deployment == nil {
			continue
		}
		found[(*deployment).UID] = true
		replicaSets, err := replicaSetsOf(ctx, g.reader, *deployment)
		if err != nil {
			return err
		}
		g.facts.Incoming = append(g.facts.Incoming, traffic.Workload{Deployment: *deployment, ReplicaSets: replicaSets})
	}
	if err := g.abandoned(ctx, found); err != nil {
		return err
	}
	for _, name := range slices.Sorted(maps.Keys(g.replicaSets)) {
		rs, err := get[*appsv1.ReplicaSet](ctx, g.reader, g.named(state.ReplicaSet, name))
		if err != nil {
			return err
		}
		if rs != nil {
			g.facts.Incoming = append(g.facts.Incoming, traffic.Workload{ReplicaSets: []*appsv1.ReplicaSet{*rs}})
		}
	}
	return nil
}

func (g *switchGatherer) named(kind schema.GroupVersionKind, name string) state.Query {
	return state.Query{Kind: kind, Namespace: g.facts.New.Namespace, Name: name}
}
