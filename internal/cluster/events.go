package cluster

import (
	"fmt"

	utilruntime "k8s.io/apimachinery/pkg/util/runtime"
	toolscache "k8s.io/client-go/tools/cache"
)

var _ toolscache.ResourceEventHandler = (*store)(nil)

// OnAdd implements toolscache.ResourceEventHandler.
func (s *store) OnAdd(added any, _ bool) {
	packed, ok := added.(*packed)
	if !ok {
		s.fail(fmt.Errorf("a %T was not packed", added))
		return
	}
	s.fail(s.put(packed))
}

// OnUpdate implements toolscache.ResourceEventHandler.
func (s *store) OnUpdate(_, updated any) { s.OnAdd(updated, false) }

// OnDelete implements toolscache.ResourceEventHandler. Where the deletion itself was missed, all that
// comes is the object's key.
func (s *store) OnDelete(deleted any) {
	name, err := toolscache.DeletionHandlingObjectToName(deleted)
	if err != nil {
		s.fail(err)
		return
	}
	s.fail(s.delete(name.Namespace, name.Name))
}

func (s *store) fail(err error) {
	if err == nil {
		return
	}
	utilruntime.HandleError(fmt.Errorf("filing an object in the cache: %w", err))
	s.mu.Lock()
	defer s.mu.Unlock()
	s.broken = err
}

// fault is why the store cannot be trusted any more: nil while it can.
func (s *store) fault() error {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.broken
}
