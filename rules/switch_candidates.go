package rules

import (
	"context"

	appsv1 "k8s.io/api/apps/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"

	"greenlight.dev/greenlight/state"
	"greenlight.dev/greenlight/traffic"
)

// ofTemplates notes the workloads whose template the switch brings in, with or without pods yet.
func (g *switchGatherer) ofTemplates(ctx context.Context) error {
	for _, kind := range workloads {
		found, _, err := state.List[state.Object](ctx, g.reader, state.Query{
			Kind: kind, Namespace: g.facts.New.Namespace, TemplateLabels: state.ServiceSelector(g.facts.New),
		})
		if err != nil {
			return err
		}
		for _, workload := range found {
			if !g.facts.BringsIn(state.TemplateLabels(workload)) {
				continue
			}
			if err := g.note(ctx, workload); err != nil {
				return err
			}
		}
	}
	return nil
}

func (g *switchGatherer) note(ctx context.Context, workload state.Object) error {
	switch w := workload.(type) {
	case *appsv1.Deployment:
		g.deployments[w.Name] = true
	case *appsv1.StatefulSet:
		g.statefulSets[w.Name] = true
	case *appsv1.ReplicaSet:
		if traffic.Replicas(w.Spec.Replicas) > 0 {
			return g.noteReplicaSet(ctx, w)
		}
	}
	return nil
}

// ofPods notes the workloads that control the pods which the switch brings in.
func (g *switchGatherer) ofPods(ctx context.Context) error {
	asked := map[types.UID]bool{}
	for _, pod := range g.facts.Pods {
		owner := metav1.GetControllerOf(pod)
		if owner == nil || asked[owner.UID] || !g.facts.BringsIn(pod.Labels) {
			continue
		}
		asked[owner.UID] = true
		if err := g.noteOwner(ctx, owner); err != nil {
			return err
		}
	}
	return nil
}

func (g *switchGatherer) noteOwner(ctx context.Context, owner *metav1.OwnerReference) error {
	switch {
	case isOfKind(owner, state.StatefulSet):
		g.statefulSets[owner.Name] = true
		g.owners[owner.UID] = owner.Name
	case isOfKind(owner, state.ReplicaSet):
		rs, err := get[*appsv1.ReplicaSet](ctx, g.reader, g.named(state.ReplicaSet, owner.Name))
		if err != nil {
			return err
		}
		if rs != nil {
			return g.noteReplicaSet(ctx, *rs)
		}
	default:
		g.unjudged[owner.Kind+" "+owner.Name] = true
	}
	return nil
}

func (g *switchGatherer) noteReplicaSet(ctx context.Context, rs *appsv1.ReplicaSet) error {
	switch owner := metav1.GetControllerOf(rs); {
	case owner == nil:
		adopter, err := adopterOf[*appsv1.Deployment](ctx, g.reader, state.Deployment, rs)
		if adopter != nil {
			g.deployments[(*adopter).Name] = true
			return err
		}
		g.replicaSets[rs.Name] = true
		return err
	case isOfKind(owner, state.Deployment):
		g.deployments[owner.Name] = true
		g.owned[rs.Name] = owner.UID
	default:
		g.foreign[rs.UID] = true
		g.unjudged[owner.Kind+" "+owner.Name] = true
	}
	return nil
}

// isOfKind tells owners by their API group too: other groups have kinds of the same names.
func isOfKind(owner *metav1.OwnerReference, kind schema.GroupVersionKind) bool {
	return schema.FromAPIVersionAndKind(owner.APIVersion, owner.Kind).GroupKind() == kind.GroupKind()
}
