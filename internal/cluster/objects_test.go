package cluster

import (
	"reflect"
	"slices"
	"testing"

	appsv1 "k8s.io/api/apps/v1"
	autoscalingv2 "k8s.io/api/autoscaling/v2"
	corev1 "k8s.io/api/core/v1"
	policyv1 "k8s.io/api/policy/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"

	"greenlight.dev/greenlight/state"
)

func service(name string, selector labels.Set) *corev1.Service {
	service := &corev1.Service{ObjectMeta: inShop(name), Spec: corev1.ServiceSpec{Selector: selector}}
	service.SetGroupVersionKind(state.Service)
	return service
}

func deployment(name string, template labels.Set, selector *metav1.LabelSelector) *appsv1.Deployment {
	deployment := &appsv1.Deployment{ObjectMeta: inShop(name)}
	deployment.Spec.Selector = selector
	deployment.Spec.Template.Labels = template
	deployment.SetGroupVersionKind(state.Deployment)
	return deployment
}

func replicaSet(name string, owner types.UID, template labels.Set) *appsv1.ReplicaSet {
	rs := &appsv1.ReplicaSet{ObjectMeta: inShop(name)}
	rs.OwnerReferences = []metav1.OwnerReference{{Kind: "Deployment", UID: owner, Controller: new(true)}}
	rs.Spec.Selector = equals(template)
	rs.Spec.Template.Labels = template
	rs.SetGroupVersionKind(state.ReplicaSet)
	return rs
}

func statefulSet(name string, template labels.Set) *appsv1.StatefulSet {
	set := &appsv1.StatefulSet{ObjectMeta: inShop(name)}
	set.Spec.Selector = equals(template)
	set.Spec.Template.Labels = template
	set.SetGroupVersionKind(state.StatefulSet)
	return set
}

func disruptionBudget(name string, selector *metav1.LabelSelector) *policyv1.PodDisruptionBudget {
	budget := &policyv1.PodDisruptionBudget{ObjectMeta: inShop(name)}
	budget.Spec.Selector = selector
	budget.SetGroupVersionKind(state.PodDisruptionBudget)
	return budget
}

func autoscaler(name string, target autoscalingv2.CrossVersionObjectReference) *autoscalingv2.HorizontalPodAutoscaler {
	autoscaler := &autoscalingv2.HorizontalPodAutoscaler{ObjectMeta: inShop(name)}
	autoscaler.Spec.ScaleTargetRef = target
	autoscaler.SetGroupVersionKind(state.HorizontalPodAutoscaler)
	return autoscaler
}

func equals(set labels.Set) *metav1.LabelSelector { return &metav1.LabelSelector{MatchLabels: set} }

func inShop(name string) metav1.ObjectMeta { return metav1.ObjectMeta{Namespace: "shop", Name: name} }

// readers returns what answers queries over the objects, by where they are.
func readers(t *testing.T, objects []state.Object) map[string]func(state.Query) []state.Object {
	manifests, caches := NewManifests(objects, true), cachesOf(t, objects)
	return map[string]func(state.Query) []state.Object{
		"manifests": func(query state.Query) []state.Object {
			listing, err := manifests.List(t.Context(), query)
			if err != nil {
				t.Fatal(err)
			}
			return listing.Items
		},
		"the cache": func(query state.Query) []state.Object {
			found, err := caches[query.Kind].find(query)
			if err != nil {
				t.Fatal(err)
			}
			return found
		},
	}
}

// cachesOf is what informers make of the objects.
func cachesOf(t testing.TB, objects []state.Object) map[schema.GroupVersionKind]*store {
	caches := map[schema.GroupVersionKind]*store{}
	for _, cached := range cacheable {
		caches[cached.kind] = newStore()
	}
	for _, object := range objects {
		caches[object.GetObjectKind().GroupVersionKind()].OnAdd(transformed(t, object), true)
	}
	return caches
}

// transformed is what an informer makes of a copy of the object.
func transformed(t interface{ Fatal(...any) }, object state.Object) any {
	for _, cached := range cacheable {
		if reflect.TypeOf(cached.object) != reflect.TypeOf(object) {
			continue
		}
		packed, err := cached.packing(object.DeepCopyObject())
		if err != nil {
			t.Fatal(err)
		}
		return packed
	}
	t.Fatal("not a cached kind")
	return nil
}

func namesOf(objects []state.Object) []string {
	names := make([]string, 0, len(objects))
	for _, object := range objects {
		names = append(names, object.GetName())
	}
	return names
}

// scan is the answer without any index.
func scan(objects []state.Object, query state.Query) []string {
	var names []string
	for _, object := range objects {
		if object.GetObjectKind().GroupVersionKind() == query.Kind && query.Matches(object) {
			names = append(names, object.GetName())
		}
	}
	slices.Sort(names)
	return names
}
