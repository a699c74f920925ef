package cluster

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	appsv1 "k8s.io/api/apps/v1"
	autoscalingv2 "k8s.io/api/autoscaling/v2"
	corev1 "k8s.io/api/core/v1"
	policyv1 "k8s.io/api/policy/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
	toolscache "k8s.io/client-go/tools/cache"

	"greenlight.dev/greenlight/state"
	"greenlight.dev/greenlight/traffic"
)

var fullMeta = metav1.ObjectMeta{
	Namespace: "shop", Name: "hello", UID: "uid", ResourceVersion: "7", Generation: 3,
	DeletionTimestamp: &metav1.Time{Time: time.Unix(1, 0)},
	Labels:            map[string]string{"team": "a"},
	Annotations:       map[string]string{"greenlight.dev/note": "kept", corev1.LastAppliedConfigAnnotation: "{}"},
	OwnerReferences:   []metav1.OwnerReference{{APIVersion: "apps/v1", Kind: "Deployment", Name: "hello", UID: "owner", Controller: new(true)}},
	ManagedFields:     []metav1.ManagedFieldsEntry{{Manager: "kubectl"}},
	Finalizers:        []string{"example.com/f"},
}

var fullTemplate = corev1.PodTemplateSpec{
	ObjectMeta: metav1.ObjectMeta{Labels: map[string]string{"app": "hello"}},
	Spec:       corev1.PodSpec{Containers: []corev1.Container{{Name: "web", Image: "hello:1"}}},
}

func strippedMeta() metav1.ObjectMeta {
	meta := *fullMeta.DeepCopy()
	meta.Annotations = map[string]string{"greenlight.dev/note": "kept"}
	meta.ManagedFields, meta.Finalizers = nil, nil
	return meta
}

func strippedTemplate() corev1.PodTemplateSpec {
	template := *fullTemplate.DeepCopy()
	traffic.StripTemplate(&template)
	return template
}

func TestPacking(t *testing.T) {
	serviceSpec := corev1.ServiceSpec{Selector: map[string]string{"app": "hello"}, ClusterIP: "None"}
	strategy := appsv1.DeploymentStrategy{Type: appsv1.RecreateDeploymentStrategyType}
	conditions := []appsv1.DeploymentCondition{{Type: appsv1.DeploymentAvailable}}
	failures := []appsv1.ReplicaSetCondition{{Type: appsv1.ReplicaSetReplicaFailure}}
	target := autoscalingv2.CrossVersionObjectReference{APIVersion: "apps/v1", Kind: "Deployment", Name: "hello"}
	taints := []corev1.Taint{{Key: "gpu", Effect: corev1.TaintEffectNoSchedule}}
	pods := corev1.ResourceList{corev1.ResourcePods: resource.MustParse("10")}
	claims := []corev1.PersistentVolumeClaim{{ObjectMeta: inShop("data")}}
	cases := map[string]struct{ object, want state.Object }{
		"a Namespace keeps its labels": {
			object: &corev1.Namespace{ObjectMeta: fullMeta, Spec: corev1.NamespaceSpec{Finalizers: []corev1.FinalizerName{"kubernetes"}},
				Status: corev1.NamespaceStatus{Phase: corev1.NamespaceActive}},
			want: &corev1.Namespace{TypeMeta: typeMeta("v1", "Namespace"), ObjectMeta: strippedMeta()},
		},
		"a Node keeps what the scheduler judges by": {
			object: &corev1.Node{ObjectMeta: fullMeta, Spec: corev1.NodeSpec{ProviderID: "a", Taints: taints, Unschedulable: true},
				Status: corev1.NodeStatus{Images: []corev1.ContainerImage{{SizeBytes: 1}}}},
			want: &corev1.Node{TypeMeta: typeMeta("v1", "Node"), ObjectMeta: strippedMeta(), Spec: corev1.NodeSpec{Taints: taints, Unschedulable: true}},
		},
		"a ResourceQuota keeps what it allows and what is used": {
			object: &corev1.ResourceQuota{ObjectMeta: fullMeta, Spec: corev1.ResourceQuotaSpec{Hard: pods}, Status: corev1.ResourceQuotaStatus{Used: pods}},
			want: &corev1.ResourceQuota{TypeMeta: typeMeta("v1", "ResourceQuota"), ObjectMeta: strippedMeta(),
				Spec: corev1.ResourceQuotaSpec{Hard: pods}, Status: corev1.ResourceQuotaStatus{Used: pods}},
		},
		"a StatefulSet keeps its labels and its counts": {
			object: &appsv1.StatefulSet{ObjectMeta: fullMeta,
				Spec:   appsv1.StatefulSetSpec{Replicas: new(int32(3)), Selector: equals(fullTemplate.Labels), Template: fullTemplate, VolumeClaimTemplates: claims},
				Status: appsv1.StatefulSetStatus{ReadyReplicas: 3, Conditions: []appsv1.StatefulSetCondition{{Type: "Ready"}}}},
			want: &appsv1.StatefulSet{TypeMeta: typeMeta("apps/v1", "StatefulSet"), ObjectMeta: strippedMeta(),
				Spec:   appsv1.StatefulSetSpec{Replicas: new(int32(3)), Selector: equals(fullTemplate.Labels), Template: strippedTemplate()},
				Status: appsv1.StatefulSetStatus{ReadyReplicas: 3}},
		},
		"a PodDisruptionBudget keeps its spec": {
			object: &policyv1.PodDisruptionBudget{ObjectMeta: fullMeta,
				Spec:   policyv1.PodDisruptionBudgetSpec{Selector: equals(fullTemplate.Labels), MinAvailable: new(intstr.FromString("50%"))},
				Status: policyv1.PodDisruptionBudgetStatus{DisruptionsAllowed: 1}},
			want: &policyv1.PodDisruptionBudget{TypeMeta: typeMeta("policy/v1", "PodDisruptionBudget"), ObjectMeta: strippedMeta(),
				Spec: policyv1.PodDisruptionBudgetSpec{Selector: equals(fullTemplate.Labels), MinAvailable: new(intstr.FromString("50%"))}},
		},
		"a Service keeps its spec": {
			object: &corev1.Service{ObjectMeta: fullMeta, Spec: serviceSpec,
				Status: corev1.ServiceStatus{Conditions: []metav1.Condition{{Type: "Ready"}}}},
			want: &corev1.Service{TypeMeta: typeMeta("v1", "Service"), ObjectMeta: strippedMeta(), Spec: serviceSpec},
		},
		"a Deployment keeps how it rolls out and its counts": {
			object: &appsv1.Deployment{ObjectMeta: fullMeta,
				Spec:   appsv1.DeploymentSpec{Replicas: new(int32(3)), Selector: equals(fullTemplate.Labels), Strategy: strategy, Paused: true, Template: fullTemplate, RevisionHistoryLimit: new(int32(9)), ProgressDeadlineSeconds: new(int32(9))},
				Status: appsv1.DeploymentStatus{ObservedGeneration: 3, Replicas: 3, Conditions: conditions}},
			want: &appsv1.Deployment{TypeMeta: typeMeta("apps/v1", "Deployment"), ObjectMeta: strippedMeta(),
				Spec:   appsv1.DeploymentSpec{Replicas: new(int32(3)), Selector: equals(fullTemplate.Labels), Strategy: strategy, Paused: true, Template: strippedTemplate()},
				Status: appsv1.DeploymentStatus{ObservedGeneration: 3, Replicas: 3}},
		},
		"a ReplicaSet keeps whose it is and its counts": {
			object: &appsv1.ReplicaSet{ObjectMeta: fullMeta,
				Spec:   appsv1.ReplicaSetSpec{Replicas: new(int32(0)), Selector: equals(fullTemplate.Labels), MinReadySeconds: 5, Template: fullTemplate},
				Status: appsv1.ReplicaSetStatus{AvailableReplicas: 3, Conditions: failures}},
			want: &appsv1.ReplicaSet{TypeMeta: typeMeta("apps/v1", "ReplicaSet"), ObjectMeta: strippedMeta(),
				Spec:   appsv1.ReplicaSetSpec{Replicas: new(int32(0)), Selector: equals(fullTemplate.Labels), MinReadySeconds: 5, Template: strippedTemplate()},
				Status: appsv1.ReplicaSetStatus{AvailableReplicas: 3}},
		},
		"an autoscaler keeps its target and its bounds": {
			object: &autoscalingv2.HorizontalPodAutoscaler{ObjectMeta: fullMeta,
				Spec:   autoscalingv2.HorizontalPodAutoscalerSpec{ScaleTargetRef: target, MinReplicas: new(int32(2)), MaxReplicas: 9, Metrics: []autoscalingv2.MetricSpec{{Type: "Resource"}}},
				Status: autoscalingv2.HorizontalPodAutoscalerStatus{CurrentReplicas: 2}},
			want: &autoscalingv2.HorizontalPodAutoscaler{TypeMeta: typeMeta("autoscaling/v2", "HorizontalPodAutoscaler"), ObjectMeta: strippedMeta(),
				Spec: autoscalingv2.HorizontalPodAutoscalerSpec{ScaleTargetRef: target, MinReplicas: new(int32(2)), MaxReplicas: 9}},
		},
	}
	for name, test := range cases {
		t.Run(name, func(t *testing.T) {
			got, err := transformed(t, test.object).(item).object()
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

func typeMeta(apiVersion, kind string) metav1.TypeMeta {
	return metav1.TypeMeta{APIVersion: apiVersion, Kind: kind}
}

func TestPackingLeavesAloneWhatIsNoObject(t *testing.T) {
	for _, cached := range cacheable {
		packed := transformed(t, cached.object)
		for _, in := range []any{packed, toolscache.DeletedFinalStateUnknown{Key: "shop/hello", Obj: packed}, "text", nil} {
			if got, err := cached.packing(in); err != nil || got != in {
				t.Errorf("%s: %T became %v, %v", cached.kind.Kind, in, got, err)
			}
		}
	}
}
