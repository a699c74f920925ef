package check

import (
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
