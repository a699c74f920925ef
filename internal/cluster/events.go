package cluster

import (
	"fmt"

	utilruntime "k8s.io/apimachinery/pkg/util/runtime"
	toolscache "k8s.io/client-go/tools/cache"

	"greenlight.dev/greenlight/state"
)

var _ toolscache.ResourceEventHandler = (*store)(nil)

// OnAdd implements toolscache.ResourceEventHandler.
func (s *store) OnAdd(added any, _ bool) {
	object, ok := added.(state.Object)
	if !ok {
		utilruntime.HandleError(fmt.Errorf("a %T has no metadata to file it by", added))
		return
	}
	s.put(object)
}

// OnUpdate implements toolscache.ResourceEventHandler.
func (s *store) OnUpdate(_, updated any) { s.OnAdd(updated, false) }

// OnDelete implements toolscache.ResourceEventHandler. Where the deletion itself was missed, all that
// comes is the object's key.
func (s *store) OnDelete(deleted any) {
	name, err := toolscache.DeletionHandlingObjectToName(deleted)
	if err != nil {
		utilruntime.HandleError(fmt.Errorf("a deleted object has no name: %w", err))
		return
	}
	s.delete(name.Namespace, name.Name)
}
