package rules

import (
	"context"
	"slices"

	corev1 "k8s.io/api/core/v1"

	"greenlight.dev/greenlight/traffic"
)

// going notes which of the pods that a narrower selector leaves are on their way out: their owner was scaled
// to 0, is being deleted, or rolls out pods that the new selector does not select. They are ready until the
// controllers have come to them.
func (g *switchGatherer) going(ctx context.Context) error {
	if !slices.ContainsFunc(g.facts.Pods, g.leaves) {
		return nil
	}
	settlement := newSettlement(g.reader)
	g.facts.Going = map[string]bool{}
	for _, pod := range traffic.Serving(g.facts.Pods, g.facts.New) {
		if !traffic.Selects(g.facts.Old, pod.Labels) {
			continue
		}
		settled, err := settlement.settled(ctx, pod)
		if err != nil {
			return err
		}
		if settled == nil || !traffic.Selects(g.facts.New, settled.Labels) {
			g.facts.Going[pod.Name] = true
		}
	}
	return nil
}

// leaves reports whether the change takes a pod out of the Service.
func (g *switchGatherer) leaves(pod *corev1.Pod) bool {
	return traffic.Selects(g.facts.Old, pod.Labels) && !traffic.Selects(g.facts.New, pod.Labels)
}
