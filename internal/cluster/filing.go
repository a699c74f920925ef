package cluster

import (
	"slices"

	"greenlight.dev/greenlight/state"
)

// add files the item that holds the object. The object's selector goes under the choice that fewest
// others have taken.
func (s *store) add(item item, object state.Object) {
	for _, entry := range append(entries(object), s.rarest(selectorChoices(object))...) {
		s.filed[entry.hash()] = append(s.filed[entry.hash()], item)
	}
}

// put files the item in place of the one of its name.
func (s *store) put(item item) error {
	object, err := item.object()
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	err = s.remove(object.GetNamespace(), object.GetName())
	s.add(item, object)
	return err
}

func (s *store) delete(namespace, name string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.remove(namespace, name)
}

func (s *store) remove(namespace, name string) error {
	named := entry{index: byName, namespace: namespace, value: name}
	for _, item := range slices.Clone(s.filed[named.hash()]) {
		object, err := item.object()
		if err != nil {
			return err
		}
		for _, entry := range append(entries(object), slices.Concat(selectorChoices(object)...)...) {
			s.withdraw(entry.hash(), item)
		}
	}
	return nil
}

func (s *store) withdraw(hash uint64, item item) {
	filed := s.filed[hash]
	at := slices.Index(filed, item)
	switch {
	case at < 0:
	case len(filed) == 1:
		delete(s.filed, hash)
	default:
		s.filed[hash] = slices.Delete(filed, at, at+1)
	}
}
