package rules

import (
	"context"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"

	"greenlight.dev/greenlight/state"
)

// ownPods are the pods that a workload controls as they are now.
type ownPods struct {
	pods []*corev1.Pod
	// templates are the labels of the templates that the pods were made of, by the UID of what controls
	// them: of a Deployment its ReplicaSets, else the workload.
	templates map[types.UID]map[string]string
	complete  bool
}

func ownPodsOf(ctx context.Context, reader state.Reader, workload state.Object) (ownPods, error) {
	templates, err := templatesOf(ctx, reader, workload)
	if err != nil {
		return ownPods{}, err
	}
	own := ownPods{templates: templates}
	var selected []*corev1.Pod
	selected, own.complete, err = state.List[*corev1.Pod](ctx, reader, state.Query{
		Kind: state.Pod, Namespace: workload.GetNamespace(), Labels: state.Selector(workload), Live: true,
	})
	for _, pod := range selected {
		if owner := metav1.GetControllerOf(pod); owner != nil {
			if _, isOwn := templates[owner.UID]; isOwn {
				own.pods = append(own.pods, pod)
			}
		}
	}
	return own, err
}

func templatesOf(ctx context.Context, reader state.Reader, workload state.Object) (map[types.UID]map[string]string, error) {
	templates := map[types.UID]map[string]string{}
	deployment, ok := workload.(*appsv1.Deployment)
	if !ok {
		templates[workload.GetUID()] = state.TemplateLabels(workload)
		return templates, nil
	}
	replicaSets, err := replicaSetsOf(ctx, reader, deployment)
	for _, replicaSet := range replicaSets {
		templates[replicaSet.UID] = replicaSet.Spec.Template.Labels
	}
	return templates, err
}

// template returns the labels of the template that one of the pods was made of.
func (o ownPods) template(pod *corev1.Pod) map[string]string {
	return o.templates[metav1.GetControllerOf(pod).UID]
}
