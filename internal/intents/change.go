package intents

import (
	"fmt"
	"maps"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"

	"greenlight.dev/greenlight/state"
	"greenlight.dev/greenlight/traffic"
)

// Change is what an object is about to become.
type Change struct {
	Group     string    `json:"group"`
	Version   string    `json:"version"`
	Kind      string    `json:"kind"`
	Namespace string    `json:"namespace"`
	Name      string    `json:"name"`
	UID       types.UID `json:"uid"`
	// Replaces is the resource version of the object that the change replaces.
	Replaces string `json:"replaces"`
	User     string `json:"user"`
	// Deleted says that the object goes.
	Deleted bool `json:"deleted,omitempty"`
	// Service is what changes of a Service, Workload of a workload.
	Service  *ServiceChange  `json:"service,omitempty"`
	Workload *WorkloadChange `json:"workload,omitempty"`
}

// ServiceChange is what changes of a Service.
type ServiceChange struct {
	Before map[string]string  `json:"before,omitempty"`
	After  corev1.ServiceSpec `json:"after"`
}

// WorkloadChange is what changes of a workload.
type WorkloadChange struct {
	Replicas int32 `json:"replicas"`
	// TemplateLabels are those that its pods get, where they are to be others.
	TemplateLabels map[string]string `json:"templateLabels,omitempty"`
	// UpdateStrategy is that of a StatefulSet: what it leaves alone may be about to leave.
	UpdateStrategy *appsv1.StatefulSetUpdateStrategy `json:"updateStrategy,omitempty"`
}

// Update is the change from old to updated by a user.
func Update(old, updated state.Object, user string) Change {
	change := describe(old, user)
	if service, ok := updated.(*corev1.Service); ok {
		change.Service = &ServiceChange{Before: old.(*corev1.Service).Spec.Selector, After: service.Spec}
		return change
	}
	change.Workload = &WorkloadChange{Replicas: int32(traffic.ReplicasOf(updated))}
	if podLabels := state.TemplateLabels(updated); !maps.Equal(podLabels, state.TemplateLabels(old)) {
		change.Workload.TemplateLabels = podLabels
	}
	if set, ok := updated.(*appsv1.StatefulSet); ok {
		change.Workload.UpdateStrategy = &set.Spec.UpdateStrategy
	}
	return change
}

// Delete is the deletion of an object by a user.
func Delete(object state.Object, user string) Change {
	change := describe(object, user)
	change.Deleted = true
	return change
}

func describe(object state.Object, user string) Change {
	kind := object.GetObjectKind().GroupVersionKind()
	return Change{
		Group: kind.Group, Version: kind.Version, Kind: kind.Kind,
		Namespace: object.GetNamespace(), Name: object.GetName(), UID: object.GetUID(),
		Replaces: object.GetResourceVersion(), User: user,
	}
}

func (c Change) kind() schema.GroupVersionKind {
	return schema.GroupVersionKind{Group: c.Group, Version: c.Version, Kind: c.Kind}
}

// validate fails where the change does not say what becomes of its object.
func (c Change) validate() error {
	wanted, given := "workload", c.Workload != nil
	if c.kind() == state.Service {
		wanted, given = "service", c.Service != nil
	}
	if c.Deleted || given {
		return nil
	}
	return fmt.Errorf("it has neither deleted nor %s", wanted)
}

// isPendingFor reports whether the change may still be made to an object as it is now.
func (c Change) isPendingFor(object state.Object) bool {
	return c.UID == object.GetUID() && c.Replaces == object.GetResourceVersion()
}

// String says who changes what: "the deletion of Deployment shop/green by jane".
func (c Change) String() string {
	what := "the change of"
	switch {
	case c.Deleted:
		what = "the deletion of"
	case c.Service != nil:
		what = "the switch of"
	case c.Workload != nil && c.Workload.Replicas == 0:
		what = "the scaling to 0 of"
	}
	return fmt.Sprintf("%s %s %s/%s by %s", what, c.Kind, c.Namespace, c.Name, c.User)
}

// done returns the object as the change makes it, which no controller has seen yet. Where several changes of a
// workload are pending, it has the fewest replicas of any.
func (c Change) done(object state.Object) state.Object {
	object = object.DeepCopyObject().(state.Object)
	object.SetGeneration(object.GetGeneration() + 1)
	if c.Deleted {
		object.SetDeletionTimestamp(new(metav1.Now()))
		return object
	}
	switch changed := object.(type) {
	case *corev1.Service:
		changed.Spec = *c.Service.After.DeepCopy()
	case *appsv1.Deployment:
		c.Workload.apply(&changed.Spec.Replicas, &changed.Spec.Template)
	case *appsv1.ReplicaSet:
		c.Workload.apply(&changed.Spec.Replicas, &changed.Spec.Template)
	case *appsv1.StatefulSet:
		c.Workload.apply(&changed.Spec.Replicas, &changed.Spec.Template)
		if c.Workload.UpdateStrategy != nil {
			changed.Spec.UpdateStrategy = *c.Workload.UpdateStrategy.DeepCopy()
		}
	}
	return object
}

func (w WorkloadChange) apply(replicas **int32, template *corev1.PodTemplateSpec) {
	*replicas = new(min(int32(traffic.Replicas(*replicas)), w.Replicas))
	if w.TemplateLabels != nil {
		template.Labels = maps.Clone(w.TemplateLabels)
	}
}
