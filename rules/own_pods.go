package rules

import (
	"context"
	"slices"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"

	"greenlight.dev/greenlight/state"
)

// ownPods are the pods that a workload controls as they are now, or is about to.
type ownPods struct {
	pods []*corev1.Pod
	// makers are what controls the pods: of a Deployment its ReplicaSets, else the workload.
	makers   []state.Object
	complete bool
}

func ownPodsOf(ctx context.Context, reader state.Reader, workload state.Object) (ownPods, error) {
	makers, err := makersOf(ctx, reader, workload)
	if err != nil {
		return ownPods{}, err
	}
	own := ownPods{makers: makers}
	var selected []*corev1.Pod
	selected, own.complete, err = state.List[*corev1.Pod](ctx, reader, state.Query{
		Kind: state.Pod, Namespace: workload.GetNamespace(), Labels: state.Selector(workload), Live: true,
	})
	for _, pod := range selected {
		if makerOf(pod, makers) != nil {
			own.pods = append(own.pods, pod)
		}
	}
	return own, err
}

func makersOf(ctx context.Context, reader state.Reader, workload state.Object) ([]state.Object, error) {
	deployment, ok := workload.(*appsv1.Deployment)
	if !ok {
		return []state.Object{workload}, nil
	}
	replicaSets, err := replicaSetsOf(ctx, reader, deployment)
	var makers []state.Object
	for _, replicaSet := range replicaSets {
		makers = append(makers, replicaSet)
	}
	return makers, err
}

// template returns the labels of the template that one of the pods was made of.
func (o ownPods) template(pod *corev1.Pod) map[string]string {
	return state.TemplateLabels(makerOf(pod, o.makers))
}

// of returns the pods of one of the makers.
func (o ownPods) of(maker state.Object) []*corev1.Pod {
	return slices.DeleteFunc(slices.Clone(o.pods), func(pod *corev1.Pod) bool { return makerOf(pod, o.makers) != maker })
}
