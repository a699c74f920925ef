package cluster

import (
	"fmt"

	appsv1 "k8s.io/api/apps/v1"
	"k8s.io/apimachinery/pkg/api/equality"
	"k8s.io/apimachinery/pkg/runtime/schema"
	toolscache "k8s.io/client-go/tools/cache"

	"greenlight.dev/greenlight/state"
)

// Changed is told which object came, went or changed.
type Changed func(kind schema.GroupVersionKind, name toolscache.ObjectName)

// OnChange calls back for each cached object that is there, comes, goes or changes in what a rule judges at
// rest. The progress of a rollout is none of that.
func (r *Reader) OnChange(changed Changed) error {
	for kind, informer := range r.cached {
		tell := func(object any) {
			if name, err := toolscache.DeletionHandlingObjectToName(object); err == nil {
				changed(kind, name)
			}
		}
		_, err := informer.source.AddEventHandler(toolscache.ResourceEventHandlerFuncs{
			AddFunc: tell,
			UpdateFunc: func(before, after any) {
				if !sameAtRest(before, after) {
					tell(after)
				}
			},
			DeleteFunc: tell,
		})
		if err != nil {
			return fmt.Errorf("watching kind %s: %w", kind.Kind, err)
		}
	}
	return nil
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
