package rules

import (
	"context"
	"slices"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/klog/v2"

	"greenlight.dev/greenlight/state"
)

// nodesFor returns the nodes that the scheduler may put pods of this spec on, as far as nodeSelector,
// taints and cordons say: free resources and node affinity are not looked at.
func nodesFor(ctx context.Context, pass *Pass, spec *corev1.PodSpec) (nodes []*corev1.Node, complete bool, err error) {
	all, complete, err := state.List[*corev1.Node](ctx, pass.State, state.Query{Kind: state.Node})
	selector := labels.SelectorFromSet(spec.NodeSelector)
	for _, node := range all {
		if selector.Matches(labels.Set(node.Labels)) && tolerates(spec.Tolerations, node) {
			nodes = append(nodes, node)
		}
	}
	return nodes, complete, err
}

// cordon is the taint that stands for spec.unschedulable, which the scheduler takes for the same.
var cordon = corev1.Taint{Key: corev1.TaintNodeUnschedulable, Effect: corev1.TaintEffectNoSchedule}

func tolerates(tolerations []corev1.Toleration, node *corev1.Node) bool {
	taints := slices.Clone(node.Spec.Taints)
	if node.Spec.Unschedulable {
		taints = append(taints, cordon)
	}
	for _, taint := range taints {
		tolerated := func(toleration corev1.Toleration) bool {
			return toleration.ToleratesTaint(klog.Background(), &taint, true)
		}
		if taint.Effect != corev1.TaintEffectPreferNoSchedule && !slices.ContainsFunc(tolerations, tolerated) {
			return false
		}
	}
	return true
}

// countDomains returns how many values of a label the nodes have. A node without it belongs to no domain,
// so that no anti-affinity bounds what runs there. The source is satisfyPodAntiAffinity in
// pkg/scheduler/framework/plugins/interpodaffinity of Kubernetes.
func countDomains(nodes []*corev1.Node, label string) (domains int, unbounded bool) {
	seen := map[string]bool{}
	for _, node := range nodes {
		value, ok := node.Labels[label]
		if !ok {
			unbounded = true
			continue
		}
		seen[value] = true
	}
	return len(seen), unbounded
}
