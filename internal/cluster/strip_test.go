package cluster

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	appsv1 "k8s.io/api/apps/v1"
	autoscalingv2 "k8s.io/api/autoscaling/v2"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
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
	cases := map[string]struct{ object, want state.Object }{
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
	for _, cached := range cachedKinds {
		packed := transformed(t, cached.object)
		for _, in := range []any{packed, toolscache.DeletedFinalStateUnknown{Key: "shop/hello", Obj: packed}, "text", nil} {
			if got, err := cached.packing(in); err != nil || got != in {
				t.Errorf("%s: %T became %v, %v", cached.kind.Kind, in, got, err)
			}
		}
	}
}
