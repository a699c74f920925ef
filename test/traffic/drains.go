package traffic

import (
	"context"
	"fmt"

	autoscalingv1 "k8s.io/api/autoscaling/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

// drain takes a colour away in one of the ways there are.
func (t turn) drain(ctx context.Context) error {
	switch t.number / 10 % 4 {
	case 0:
		return t.scaleTo(ctx, 0)
	case 1:
		return t.replicas(ctx, 0)
	case 2:
		return t.delete(ctx)
	}
	if t.kinds[t.colour] == deployment {
		return t.relabel(ctx)
	}
	return t.scaleTo(ctx, 0)
}

// scale gives a colour 0 to 4 replicas in one of the two ways.
func (t turn) scale(ctx context.Context) error {
	if t.number%2 == 0 {
		return t.scaleTo(ctx, t.number/2%5)
	}
	return t.replicas(ctx, t.number/2%5)
}

// scaleTo uses the scale subresource, as kubectl scale does.
func (t turn) scaleTo(ctx context.Context, replicas int) error {
	workload := t.reference(t.colour)
	scale := &autoscalingv1.Scale{}
	return t.write(ctx, fmt.Sprintf("scale %s to %d", t.colour, replicas), workload, func(ctx context.Context) error {
		err := t.client.SubResource("scale").Patch(ctx, workload, mergePatch(values{"spec": values{"replicas": replicas}}),
			client.WithSubResourceBody(scale))
		workload.SetResourceVersion(scale.ResourceVersion)
		return err
	})
}

// replicas writes spec.replicas.
func (t turn) replicas(ctx context.Context, replicas int) error {
	return t.patch(ctx, fmt.Sprintf("write %d replicas of %s", replicas, t.colour), t.reference(t.colour),
		values{"spec": values{"replicas": replicas}})
}

// delete deletes a colour: mostly with its pods, in one of the two ways.
func (t turn) delete(ctx context.Context) error {
	policy := []metav1.DeletionPropagation{
		metav1.DeletePropagationBackground, metav1.DeletePropagationForeground,
		metav1.DeletePropagationBackground, metav1.DeletePropagationOrphan,
	}[t.number%4]
	workload := t.reference(t.colour)
	return t.write(ctx, fmt.Sprintf("delete %s (%s)", t.colour, policy), workload, func(ctx context.Context) error {
		return t.client.Delete(ctx, workload, client.PropagationPolicy(policy))
	})
}
