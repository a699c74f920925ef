package state

import (
	appsv1 "k8s.io/api/apps/v1"
	autoscalingv2 "k8s.io/api/autoscaling/v2"
	corev1 "k8s.io/api/core/v1"
	policyv1 "k8s.io/api/policy/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

// Matches reports whether the object meets every condition of the query but its kind.
func (q Query) Matches(object Object) bool {
	return (q.Namespace == object.GetNamespace()) &&
		(q.Name == "" || q.Name == object.GetName()) &&
		(q.Labels == nil || q.Labels.Matches(labels.Set(object.GetLabels()))) &&
		(q.TemplateLabels == nil || q.TemplateLabels.Matches(TemplateLabels(object))) &&
		(q.Selecting == nil || Selector(object).Matches(q.Selecting)) &&
		(q.OwnedBy == "" || controlledBy(object, q)) &&
		(q.Scaling == Workload{} || q.Scaling == Scaled(object))
}

func controlledBy(object Object, q Query) bool {
	owner := metav1.GetControllerOf(object)
	return owner != nil && owner.UID == q.OwnedBy
}

// TemplateLabels returns the labels of the pods that a workload makes: nil for any other object.
func TemplateLabels(object Object) labels.Set {
	switch o := object.(type) {
	case *appsv1.Deployment:
		return o.Spec.Template.Labels
	case *appsv1.ReplicaSet:
		return o.Spec.Template.Labels
	case *appsv1.StatefulSet:
		return o.Spec.Template.Labels
	}
	return nil
}

// Selector returns which pods an object selects. A Service without a selector selects nothing, and
// so does an object that has none or whose selector is not valid.
func Selector(object Object) labels.Selector {
	switch o := object.(type) {
	case *corev1.Service:
		return ServiceSelector(o)
	case *appsv1.Deployment:
		return labelSelector(o.Spec.Selector)
	case *appsv1.ReplicaSet:
		return labelSelector(o.Spec.Selector)
	case *appsv1.StatefulSet:
		return labelSelector(o.Spec.Selector)
	case *policyv1.PodDisruptionBudget:
		return labelSelector(o.Spec.Selector)
	}
	return labels.Nothing()
}

// ServiceSelector returns which pods a Service selects: none without a selector. An empty selector
// is stored as none, while labels.Set(nil).AsSelector() would match every pod.
func ServiceSelector(service *corev1.Service) labels.Selector {
	if len(service.Spec.Selector) == 0 {
		return labels.Nothing()
	}
	return labels.SelectorFromValidatedSet(service.Spec.Selector)
}

func labelSelector(selector *metav1.LabelSelector) labels.Selector {
	parsed, err := metav1.LabelSelectorAsSelector(selector)
	if err != nil {
		return labels.Nothing()
	}
	return parsed
}

// Scaled returns the workload that an autoscaler targets: none for any other object.
func Scaled(object Object) Workload {
	autoscaler, ok := object.(*autoscalingv2.HorizontalPodAutoscaler)
	if !ok {
		return Workload{}
	}
	target := autoscaler.Spec.ScaleTargetRef
	group := schema.FromAPIVersionAndKind(target.APIVersion, target.Kind).Group
	return Workload{Group: group, Kind: target.Kind, Name: target.Name}
}
