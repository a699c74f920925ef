package cluster

import (
	"slices"

	"greenlight.dev/greenlight/state"
)

// add files the item that holds the object. The object's selector goes under the choice that fewest
// others have taken.
func (s *store) add(item item, object state.Object) {
	number := s.filed.items.add(item)
	for _, entry := range append(entries(object), s.rarest(selectorChoices(object))...) {
		s.filed.file(entry.hash(), number)
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
	for _, number := range s.filed.numbers(named.hash()) {
		object, err := s.filed.items.values[number].object()
		if err != nil {
			return err
		}
		for _, entry := range append(entries(object), slices.Concat(selectorChoices(object)...)...) {
			s.filed.withdraw(entry.hash(), number)
		}
		s.filed.items.remove(number)
	}
	return nil
}
