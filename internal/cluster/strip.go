package cluster

import (
	"maps"
	"strings"

	appsv1 "k8s.io/api/apps/v1"
	autoscalingv2 "k8s.io/api/autoscaling/v2"
	corev1 "k8s.io/api/core/v1"
	policyv1 "k8s.io/api/policy/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"greenlight.dev/greenlight/traffic"
)

// annotationPrefix marks the only annotations of cached objects that are read.
const annotationPrefix = "greenlight.dev/"

func stripNamespace(namespace *corev1.Namespace) {
	stripMeta(&namespace.ObjectMeta)
	namespace.Spec = corev1.NamespaceSpec{}
	namespace.Status = corev1.NamespaceStatus{}
}

// stripNode keeps what the scheduler judges by. A status lists every image, and is most of a Node.
func stripNode(node *corev1.Node) {
	stripMeta(&node.ObjectMeta)
	node.Spec = corev1.NodeSpec{Taints: node.Spec.Taints, Unschedulable: node.Spec.Unschedulable}
	node.Status = corev1.NodeStatus{}
}

func stripQuota(quota *corev1.ResourceQuota) { stripMeta(&quota.ObjectMeta) }

func stripService(service *corev1.Service) {
	stripMeta(&service.ObjectMeta)
	service.Status = corev1.ServiceStatus{}
}

func stripDeployment(deployment *appsv1.Deployment) {
	stripMeta(&deployment.ObjectMeta)
	traffic.StripTemplate(&deployment.Spec.Template)
	deployment.Spec.RevisionHistoryLimit = nil
	deployment.Spec.ProgressDeadlineSeconds = nil
	deployment.Status.Conditions = nil
}

func stripReplicaSet(rs *appsv1.ReplicaSet) {
	stripMeta(&rs.ObjectMeta)
	traffic.StripTemplate(&rs.Spec.Template)
	rs.Status.Conditions = nil
}

func stripStatefulSet(set *appsv1.StatefulSet) {
	stripMeta(&set.ObjectMeta)
	traffic.StripTemplate(&set.Spec.Template)
	set.Spec.VolumeClaimTemplates = nil
	set.Status.Conditions = nil
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

func stripBudget(budget *policyv1.PodDisruptionBudget) {
	stripMeta(&budget.ObjectMeta)
	budget.Status = policyv1.PodDisruptionBudgetStatus{}
}

func stripMeta(meta *metav1.ObjectMeta) {
	maps.DeleteFunc(meta.Annotations, func(key, _ string) bool { return !strings.HasPrefix(key, annotationPrefix) })
	meta.ManagedFields = nil
	meta.Finalizers = nil
}
