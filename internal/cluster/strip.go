package cluster

import (
	"maps"
	"strings"

	appsv1 "k8s.io/api/apps/v1"
	autoscalingv2 "k8s.io/api/autoscaling/v2"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	toolscache "k8s.io/client-go/tools/cache"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"greenlight.dev/greenlight/traffic"
)

// annotationPrefix marks the only annotations of cached objects that are read.
const annotationPrefix = "greenlight.dev/"

// strip returns the transform that takes from objects of type T what is not read, and gives them the
// kind that the typed client leaves out. An informer may call it twice for the same object.
func strip[T client.Object](kind schema.GroupVersionKind, strip func(T)) toolscache.TransformFunc {
	return func(in any) (any, error) {
		object, ok := in.(T)
		if !ok {
			return in, nil
		}
		object.GetObjectKind().SetGroupVersionKind(kind)
		strip(object)
		return object, nil
	}
}

func stripService(service *corev1.Service) {
	stripMeta(&service.ObjectMeta)
	service.Status = corev1.ServiceStatus{}
}

func stripDeployment(deployment *appsv1.Deployment) {
	stripMeta(&deployment.ObjectMeta)
	stripWorkload(&deployment.ObjectMeta, deployment.Spec.Selector, &deployment.Spec.Template)
	deployment.Spec.RevisionHistoryLimit = nil
	deployment.Spec.ProgressDeadlineSeconds = nil
	deployment.Status.Conditions = nil
}

func stripReplicaSet(rs *appsv1.ReplicaSet) {
	stripMeta(&rs.ObjectMeta)
	stripWorkload(&rs.ObjectMeta, rs.Spec.Selector, &rs.Spec.Template)
	rs.Status.Conditions = nil
}

func stripAutoscaler(autoscaler *autoscalingv2.HorizontalPodAutoscaler) {
	stripMeta(&autoscaler.ObjectMeta)
	autoscaler.Spec = autoscalingv2.HorizontalPodAutoscalerSpec{
		ScaleTargetRef: autoscaler.Spec.ScaleTargetRef,
		MinReplicas:    autoscaler.Spec.MinReplicas,
		MaxReplicas:    autoscaler.Spec.MaxReplicas,
	}
	autoscaler.Status = autoscalingv2.HorizontalPodAutoscalerStatus{}
}

func stripMeta(meta *metav1.ObjectMeta) {
	maps.DeleteFunc(meta.Annotations, func(key, _ string) bool { return !strings.HasPrefix(key, annotationPrefix) })
	if len(meta.Annotations) == 0 {
		meta.Annotations = nil
	}
	meta.ManagedFields = nil
	meta.Finalizers = nil
}

// stripWorkload also lets the three label maps of a workload share their memory where they are equal,
// as they mostly are.
func stripWorkload(meta *metav1.ObjectMeta, selector *metav1.LabelSelector, template *corev1.PodTemplateSpec) {
	traffic.StripTemplate(template)
	meta.Labels = shared(meta.Labels, template.Labels)
	if selector != nil {
		selector.MatchLabels = shared(selector.MatchLabels, template.Labels)
	}
}

func shared(own, other map[string]string) map[string]string {
	if maps.Equal(own, other) {
		return other
	}
	return own
}
