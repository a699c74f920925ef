package traffic

import (
	"crypto/sha256"
	"encoding/json"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	discoveryv1 "k8s.io/api/discovery/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/types"
)

// service, pod, workload and slice are what is remembered of objects. Of a run of 10,000 writes there are
// hundreds of thousands.

type service struct {
	key      types.NamespacedName
	selector map[string]string
}

type pod struct {
	key             types.NamespacedName
	uid             types.UID
	labels          map[string]string
	ready, deleting bool
	controller      types.UID
}

type workload struct {
	key types.NamespacedName
	uid types.UID
	// template is a hash of the pod template.
	template [sha256.Size]byte
	// wanted is how many pods the spec asks for, available how many the status tells of.
	wanted, available int32
	deleting, paused  bool
	generation        int64
}

type slice struct {
	key     types.NamespacedName
	service types.NamespacedName
	ready   int
}

// selects is what the endpoints controller goes by. No selector selects nothing.
func (s service) selects(p pod) bool {
	for key, value := range s.selector {
		if found, has := p.labels[key]; !has || found != value {
			return false
		}
	}
	return len(s.selector) > 0
}

// takes reports whether a change of a workload can take pods: not one that asks for more of the same.
func (w workload) takes(before workload) bool {
	return w.deleting || w.wanted < before.wanted || w.template != before.template || before.paused && !w.paused
}

// serves reports whether the endpoints controller lists the pod as ready. The source is
// podEndpointsReadyForService in k8s.io/endpointslice. Every pod here has the Service's port.
func (p pod) serves() bool { return p.ready && !p.deleting }

// isColour tells what workers write from what a Deployment makes.
func (w workload) isColour() bool { return w.key.Name == blue || w.key.Name == green }

// reduce returns the fact that an object is remembered by.
func reduce(object runtime.Object) any {
	switch o := object.(type) {
	case *corev1.Service:
		return service{keyOf(o), o.Spec.Selector}
	case *corev1.Pod:
		return reducePod(o)
	case *appsv1.Deployment:
		reduced := reduceWorkload(o, o.Spec.Replicas, o.Status.AvailableReplicas, &o.Spec.Template)
		reduced.paused = o.Spec.Paused
		return reduced
	case *appsv1.ReplicaSet:
		return reduceWorkload(o, o.Spec.Replicas, o.Status.AvailableReplicas, &o.Spec.Template)
	case *appsv1.StatefulSet:
		return reduceWorkload(o, o.Spec.Replicas, o.Status.AvailableReplicas, &o.Spec.Template)
	case *discoveryv1.EndpointSlice:
		return reduceSlice(o)
	}
	return nil
}

func reduceWorkload(o metav1.Object, wanted *int32, available int32, template *corev1.PodTemplateSpec) workload {
	data, err := json.Marshal(template)
	if err != nil {
		panic(err) // it came as JSON
	}
	return workload{
		key: keyOf(o), uid: o.GetUID(), template: sha256.Sum256(data), wanted: *wanted, available: available,
		deleting: o.GetDeletionTimestamp() != nil, generation: o.GetGeneration(),
	}
}

func reducePod(o *corev1.Pod) pod {
	reduced := pod{key: keyOf(o), uid: o.UID, labels: o.Labels, deleting: o.DeletionTimestamp != nil}
	if controller := metav1.GetControllerOf(o); controller != nil {
		reduced.controller = controller.UID
	}
	for _, condition := range o.Status.Conditions {
		if condition.Type == corev1.PodReady && condition.Status == corev1.ConditionTrue {
			reduced.ready = o.Status.PodIP != "" && o.Status.Phase == corev1.PodRunning
		}
	}
	return reduced
}

func reduceSlice(o *discoveryv1.EndpointSlice) slice {
	reduced := slice{key: keyOf(o), service: types.NamespacedName{Namespace: o.Namespace, Name: o.Labels[discoveryv1.LabelServiceName]}}
	for _, endpoint := range o.Endpoints {
		// Left out means that it is ready.
		if endpoint.Conditions.Ready == nil || *endpoint.Conditions.Ready {
			reduced.ready++
		}
	}
	return reduced
}

func keyOf(object metav1.Object) types.NamespacedName {
	return types.NamespacedName{Namespace: object.GetNamespace(), Name: object.GetName()}
}
