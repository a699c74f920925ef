package rules

import (
	"context"
	"maps"
	"slices"

	appsv1 "k8s.io/api/apps/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"

	"greenlight.dev/greenlight/state"
	"greenlight.dev/greenlight/traffic"
)

// incomingDeployments reads each Deployment that was noted as it is now, with its ReplicaSets.
func (g *switchGatherer) incomingDeployments(ctx context.Context) error {
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
		g.facts.Incoming = append(g.facts.Incoming, traffic.Replicated{Deployment: *deployment, ReplicaSets: replicaSets})
	}
	return g.abandoned(ctx, found)
}

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
		workload := traffic.Replicated{ReplicaSets: []*appsv1.ReplicaSet{*rs}}
		if owner := metav1.GetControllerOf(*rs); owner != nil {
			if owner.UID != uid {
				// Another controller has adopted it meanwhile.
				g.foreign[(*rs).UID] = true
				continue
			}
			workload.Gone = owner.Name
		}
		g.facts.Incoming = append(g.facts.Incoming, workload)
	}
	return nil
}

// incomingReplicaSets reads each ReplicaSet of its own that was noted as it is now.
func (g *switchGatherer) incomingReplicaSets(ctx context.Context) error {
	for _, name := range slices.Sorted(maps.Keys(g.replicaSets)) {
		rs, err := get[*appsv1.ReplicaSet](ctx, g.reader, g.named(state.ReplicaSet, name))
		if err != nil {
			return err
		}
		if rs != nil {
			g.facts.Incoming = append(g.facts.Incoming, traffic.Replicated{ReplicaSets: []*appsv1.ReplicaSet{*rs}})
		}
	}
	return nil
}

// incomingStatefulSets reads each StatefulSet that was noted as it is now. One that controls pods and is not
// found is gone, even where another has its name.
func (g *switchGatherer) incomingStatefulSets(ctx context.Context) error {
	for _, name := range slices.Sorted(maps.Keys(g.statefulSets)) {
		set, err := get[*appsv1.StatefulSet](ctx, g.reader, g.named(state.StatefulSet, name))
		if err != nil {
			return err
		}
		if set != nil {
			delete(g.owners, (*set).UID)
			g.facts.Incoming = append(g.facts.Incoming, traffic.StatefulSet{StatefulSet: *set})
		}
	}
	for _, uid := range slices.Sorted(maps.Keys(g.owners)) {
		gone := &appsv1.StatefulSet{ObjectMeta: metav1.ObjectMeta{Name: g.owners[uid], UID: uid}}
		g.facts.Incoming = append(g.facts.Incoming, traffic.StatefulSet{StatefulSet: gone, Gone: true})
	}
	return nil
}
