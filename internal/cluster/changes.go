package cluster

import (
	appsv1 "k8s.io/api/apps/v1"
	"k8s.io/apimachinery/pkg/api/equality"
	"k8s.io/apimachinery/pkg/runtime/schema"
	toolscache "k8s.io/client-go/tools/cache"

	"greenlight.dev/greenlight/state"
)

// Changed is told which object came, went or changed.
type Changed func(kind schema.GroupVersionKind, name toolscache.ObjectName)

// OnChange calls back for each cached object that is there, comes, goes or changes in what a rule judges at
// rest. The progress of a rollout is none of that. When it is told, the Reader answers by it: whoever is told judges
// what changed, not what was there before. It is for one caller.
func (r *Reader) OnChange(changed Changed) {
	for kind, informer := range r.cached {
		informer.onChange(func(name toolscache.ObjectName) { changed(kind, name) })
	}
}

// onChange calls back for what is filed, and for what will be.
func (s *store) onChange(changed func(toolscache.ObjectName)) {
	for _, name := range s.listen(changed) {
		changed(name)
	}
}

// listen returns the names of what is filed already, which changed is not told of.
func (s *store) listen(changed func(toolscache.ObjectName)) []toolscache.ObjectName {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.changed = changed
	var names []toolscache.ObjectName
	for _, item := range s.filed.items.values {
		if packed, ok := item.(*packed); ok {
			names = append(names, toolscache.ObjectName{Namespace: packed.namespace, Name: packed.name})
		}
	}
	return names
}

// tell passes on which object was filed or is gone.
func (s *store) tell(object any) {
	changed := s.listener()
	if changed == nil {
		return
	}
	if name, err := toolscache.DeletionHandlingObjectToName(object); err == nil {
		changed(name)
	}
}

func (s *store) listener() func(toolscache.ObjectName) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.changed
}

func sameAtRest(before, after any) bool {
	a, b := atRest(before), atRest(after)
	return a != nil && b != nil && equality.Semantic.DeepEqual(a, b)
}

// atRest returns a cached object without what changes while nobody changes it: nil where it cannot be read.
func atRest(cached any) state.Object {
	packed, ok := cached.(*packed)
	if !ok {
		return nil
	}
	object, err := packed.object()
	if err != nil {
		return nil
	}
	object.SetResourceVersion("")
	switch workload := object.(type) {
	case *appsv1.Deployment:
		workload.Status = appsv1.DeploymentStatus{}
	case *appsv1.ReplicaSet:
		workload.Status = appsv1.ReplicaSetStatus{}
	case *appsv1.StatefulSet:
		workload.Status = appsv1.StatefulSetStatus{}
	}
	return object
}
