package cluster

import (
	"fmt"

	utilruntime "k8s.io/apimachinery/pkg/util/runtime"
	toolscache "k8s.io/client-go/tools/cache"
)

var _ toolscache.ResourceEventHandler = (*store)(nil)

// OnAdd implements toolscache.ResourceEventHandler.
func (s *store) OnAdd(added any, _ bool) {
	s.file(added)
	s.tell(added)
}

// OnUpdate implements toolscache.ResourceEventHandler.
func (s *store) OnUpdate(before, after any) {
	s.file(after)
	if s.listener() != nil && !sameAtRest(before, after) {
		s.tell(after)
	}
}

// OnDelete implements toolscache.ResourceEventHandler. Where the deletion itself was missed, all that
// comes is the object's key.
func (s *store) OnDelete(deleted any) {
	name, err := toolscache.DeletionHandlingObjectToName(deleted)
	if err != nil {
		s.fail(err)
		return
	}
	s.fail(s.delete(name.Namespace, name.Name))
	s.tell(deleted)
}

func (s *store) file(object any) {
	packed, ok := object.(*packed)
	if !ok {
		s.fail(fmt.Errorf("a %T was not packed", object))
		return
	}
	s.fail(s.put(packed))
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
