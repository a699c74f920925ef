package check

import (
	appsv1 "k8s.io/api/apps/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"greenlight.dev/greenlight/rules"
	"greenlight.dev/greenlight/state"
)

// identity is what an object has in common with the one that it replaces. nth tells apart those of one
// name, for example the variants of several environments.
type identity struct {
	kind            schema.GroupVersionKind
	namespace, name string
	nth             int
}

// replace makes the objects changes of those in old: updates of what was there, or else creations.
func (i input) replace(old input) {
	known := map[identity]state.Object{}
	old.each(func(object *object, id identity) { known[id] = object.Object })
	i.each(func(object *object, id identity) { object.change(known[id]) })
}

// change makes an object the update of old: a creation where old is nil.
func (o *object) change(old state.Object) {
	o.op, o.old = rules.Create, nil
	if old != nil {
		o.op, o.old = rules.Update, old
	}
}

// keep takes from what is replaced what applying a manifest keeps: who the object is, how it is, and the
// replicas that something else sets.
func (o *object) keep(old state.Object) {
	if old == nil {
		return
	}
	o.SetUID(old.GetUID())
	deployment, ok := o.Object.(*appsv1.Deployment)
	before, same := old.(*appsv1.Deployment)
	if !ok || !same {
		return
	}
	deployment.Status = before.Status
	if !o.document.Has("spec.replicas") {
		deployment.Spec.Replicas = before.Spec.Replicas
	}
}

// each calls visit for every object, in their order.
func (i input) each(visit func(*object, identity)) {
	seen := map[identity]int{}
	for _, file := range i {
		for at := range file.objects {
			object := &file.objects[at]
			id := identity{kind: object.GetObjectKind().GroupVersionKind(), namespace: object.GetNamespace(), name: object.GetName()}
			nth := seen[id]
			seen[id]++
			id.nth = nth
			visit(object, id)
		}
	}
}
