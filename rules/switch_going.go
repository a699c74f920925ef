package rules

import (
	"context"
	"maps"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"greenlight.dev/greenlight/state"
	"greenlight.dev/greenlight/traffic"
)

// going notes which of the pods that serve after the change are on their way out. They are ready until the
// controllers have come to them.
func (g *switchGatherer) going(ctx context.Context) error {
	g.facts.Going, g.facts.LoseSuccessor = map[string]bool{}, map[string]bool{}
	g.ofNobody()
	return g.unsettled(ctx)
}

// ofNobody notes the pods that come in whose ReplicaSet is gone. The garbage collector deletes these; what
// was orphaned on purpose names no owner any more. The source is attemptToDeleteItem in
// pkg/controller/garbagecollector of Kubernetes.
func (g *switchGatherer) ofNobody() {
	found := maps.Clone(g.foreign)
	for _, workload := range g.facts.Incoming {
		if replicated, ok := workload.(traffic.Replicated); ok {
			for _, replicaSet := range replicated.ReplicaSets {
				found[replicaSet.UID] = true
			}
		}
	}
	for _, pod := range g.facts.Pods {
		owner := metav1.GetControllerOf(pod)
		if owner != nil && isOfKind(owner, state.ReplicaSet) && g.facts.BringsIn(pod.Labels) && !found[owner.UID] {
			g.facts.Going[pod.Name] = true
		}
	}
}

// unsettled notes the pods that a narrower selector leaves whose owner was scaled to 0, is being deleted, or
// rolls out pods that the new selector does not select.
func (g *switchGatherer) unsettled(ctx context.Context) error {
	// A selector that asks for no more than the old one selects whatever that does.
	if traffic.Selects(g.facts.New, g.facts.Old.Spec.Selector) {
		return nil
	}
	settlement := newSettlement(g.reader)
	for _, pod := range traffic.Serving(g.facts.Pods, g.facts.New) {
		if !traffic.Selects(g.facts.Old, pod.Labels) {
			continue
		}
		settled, err := settlement.settled(ctx, pod, g.facts.New)
		if err != nil {
			return err
		}
		if settled == nil || len(traffic.Serving([]*corev1.Pod{settled}, g.facts.New)) == 0 {
			g.facts.Going[pod.Name] = true
			g.facts.LoseSuccessor[pod.Name] = settled != nil && traffic.Selects(g.facts.Old, settled.Labels)
		}
	}
	return nil
}
