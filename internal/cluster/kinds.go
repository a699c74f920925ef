package cluster

import (
	"slices"

	appsv1 "k8s.io/api/apps/v1"
	autoscalingv2 "k8s.io/api/autoscaling/v2"
	corev1 "k8s.io/api/core/v1"
	discoveryv1 "k8s.io/api/discovery/v1"
	policyv1 "k8s.io/api/policy/v1"
	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	toolscache "k8s.io/client-go/tools/cache"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"greenlight.dev/greenlight/state"
)

// cachedKind is a kind that is kept in memory, without what is not read.
type cachedKind struct {
	kind    schema.GroupVersionKind
	scope   meta.RESTScope
	object  client.Object
	packing toolscache.TransformFunc
}

// cacheable are the kinds of which is known what to keep. Pods never are kept: there are too many, and
// who serves has to be asked live anyway.
var cacheable = []cachedKind{
	{state.Namespace, meta.RESTScopeRoot, &corev1.Namespace{}, packing(state.Namespace, stripNamespace)},
	{state.Node, meta.RESTScopeRoot, &corev1.Node{}, packing(state.Node, stripNode)},
	{state.ResourceQuota, meta.RESTScopeNamespace, &corev1.ResourceQuota{}, packing(state.ResourceQuota, stripQuota)},
	{state.Service, meta.RESTScopeNamespace, &corev1.Service{}, packing(state.Service, stripService)},
	{state.Deployment, meta.RESTScopeNamespace, &appsv1.Deployment{}, packing(state.Deployment, stripDeployment)},
	{state.ReplicaSet, meta.RESTScopeNamespace, &appsv1.ReplicaSet{}, packing(state.ReplicaSet, stripReplicaSet)},
	{state.StatefulSet, meta.RESTScopeNamespace, &appsv1.StatefulSet{}, packing(state.StatefulSet, stripStatefulSet)},
	{state.HorizontalPodAutoscaler, meta.RESTScopeNamespace, &autoscalingv2.HorizontalPodAutoscaler{}, packing(state.HorizontalPodAutoscaler, stripAutoscaler)},
	{state.PodDisruptionBudget, meta.RESTScopeNamespace, &policyv1.PodDisruptionBudget{}, packing(state.PodDisruptionBudget, stripBudget)},
}

// cachedKinds are those of the cacheable kinds that are read: any other would cost memory for nothing.
var cachedKinds = slices.DeleteFunc(slices.Clone(cacheable), func(cached cachedKind) bool {
	return !slices.Contains(Reads(), cached.kind)
})

// Cached reports whether a kind is answered from memory. Any other is read live each time.
func Cached(kind schema.GroupVersionKind) bool {
	return slices.ContainsFunc(cachedKinds, func(cached cachedKind) bool { return cached.kind == kind })
}

// NewScheme returns a scheme of the kinds that can be read.
func NewScheme() (*runtime.Scheme, error) {
	scheme := runtime.NewScheme()
	builder := runtime.SchemeBuilder{
		corev1.AddToScheme, appsv1.AddToScheme, autoscalingv2.AddToScheme, discoveryv1.AddToScheme, policyv1.AddToScheme,
	}
	return scheme, builder.AddToScheme(scheme)
}
