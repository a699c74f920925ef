package rules

import (
	"context"
	"maps"
	"slices"

	appsv1 "k8s.io/api/apps/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"

	"greenlight.dev/greenlight/state"
	"greenlight.dev/greenlight/traffic"
)

// abandoned reads the ReplicaSets whose Deployment is not among those found. A Deployment is deleted before
// its ReplicaSets and their pods, which stay ready until the garbage collector has come to them.
func (g *switchGatherer) abandoned(ctx context.Context, found map[types.UID]bool) error {
	for _, name := range slices.Sorted(maps.Keys(g.owned)) {
		uid := g.owned[name]
		if found[uid] {
			continue
		}
		rs, err := get[*appsv1.ReplicaSet](ctx, g.reader, g.named(state.ReplicaSet, name))
		if err != nil {
			return err
		}
		if rs == nil {
			continue
		}
		workload := traffic.Workload{ReplicaSets: []*appsv1.ReplicaSet{*rs}}
		if owner := metav1.GetControllerOf(*rs); owner != nil {
			if owner.UID != uid {
				// Another controller has adopted it meanwhile.
				continue
			}
			workload.Gone = owner.Name
		}
		g.facts.Incoming = append(g.facts.Incoming, workload)
	}
	return nil
}

// rollout looks for a Rollout of Argo Rollouts among the controllers of all pods, where the Service is said
// to be managed by one.
func (g *switchGatherer) rollout(ctx context.Context) error {
	if _, managed := g.facts.Old.Annotations[traffic.ArgoRolloutsAnnotation]; !managed {
		return nil
	}
	asked := map[types.UID]bool{}
	for _, pod := range g.facts.Pods {
		owner := metav1.GetControllerOf(pod)
		if owner == nil || asked[owner.UID] || !isOfKind(owner, state.ReplicaSet) {
			continue
		}
		asked[owner.UID] = true
		rs, err := get[*appsv1.ReplicaSet](ctx, g.reader, g.named(state.ReplicaSet, owner.Name))
		if err != nil {
			return err
		}
		if rs != nil && isOfRollout(*rs, owner.UID) {
			g.facts.OfRollout = true
			return nil
		}
	}
	return nil
}

func isOfRollout(rs *appsv1.ReplicaSet, uid types.UID) bool {
	owner := metav1.GetControllerOf(rs)
	return rs.UID == uid && owner != nil && isOfKind(owner, schema.GroupVersionKind{Group: "argoproj.io", Kind: "Rollout"})
}
