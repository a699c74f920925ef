package rules

import (
	"context"

	appsv1 "k8s.io/api/apps/v1"
	autoscalingv2 "k8s.io/api/autoscaling/v2"
	discoveryv1 "k8s.io/api/discovery/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"

	"greenlight.dev/greenlight/state"
	"greenlight.dev/greenlight/traffic"
)

// endpointSlices reads what serves a Service now that gets a selector.
func (g *switchGatherer) endpointSlices(ctx context.Context) (err error) {
	if selectsPods(g.facts.Old) || !selectsPods(g.facts.New) {
		return nil
	}
	g.facts.EndpointSlices, _, err = state.List[*discoveryv1.EndpointSlice](ctx, g.reader, state.Query{
		Kind: state.EndpointSlice, Namespace: g.facts.New.Namespace, Live: true,
		Labels: labels.SelectorFromSet(labels.Set{discoveryv1.LabelServiceName: g.facts.New.Name}),
	})
	return err
}

// autoscalers looks for those that would undo a scale by hand.
func (g *switchGatherer) autoscalers(ctx context.Context) error {
	for _, workload := range g.facts.Incoming {
		found, _, err := state.List[*autoscalingv2.HorizontalPodAutoscaler](ctx, g.reader, state.Query{
			Kind: state.HorizontalPodAutoscaler, Namespace: g.facts.New.Namespace, Scaling: workload.Scaled(),
		})
		if err != nil {
			return err
		}
		g.facts.Autoscalers = append(g.facts.Autoscalers, found...)
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
