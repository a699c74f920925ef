package cluster

import (
	"cmp"
	"slices"
	"sync"

	"greenlight.dev/greenlight/state"
)

// store holds the objects of one kind, filed so that a query looks at few of them: a client-go
// indexer cannot tell how many objects an entry has, and a label that all of a namespace share would
// be as slow as a scan.
type store struct {
	mu    sync.RWMutex
	filed map[entry][]state.Object
}

func newStore() *store {
	return &store{filed: map[entry][]state.Object{}}
}

// find returns the objects that the query asks for, sorted by name. Entries only narrow down what is
// looked at: what matches is said by the query alone.
func (s *store) find(query state.Query) []state.Object {
	s.mu.RLock()
	defer s.mu.RUnlock()
	var found []state.Object
	for _, entry := range s.narrow(query) {
		for _, object := range s.filed[entry] {
			if query.Matches(object) {
				found = append(found, object)
			}
		}
	}
	sortByName(found)
	return found
}

// narrow returns the entries under which all that the query asks for is filed, each object once.
func (s *store) narrow(query state.Query) []entry {
	namespace := query.Namespace
	whole := entry{index: byNamespace, namespace: namespace}
	switch {
	case query.Name != "":
		return []entry{{index: byName, namespace: namespace, value: query.Name}}
	case query.OwnedBy != "":
		return []entry{{index: byOwner, namespace: namespace, value: string(query.OwnedBy)}}
	case query.Scaling != state.Workload{}:
		return []entry{targetEntry(namespace, query.Scaling)}
	case query.Selecting != nil:
		return append(labelEntries(bySelector, namespace, query.Selecting), entry{index: bySelector, namespace: namespace})
	case query.TemplateLabels != nil:
		return s.rarest(choices(byTemplate, namespace, query.TemplateLabels, whole))
	}
	return []entry{whole}
}

// rarest returns the choice with the fewest objects so far.
func (s *store) rarest(choices [][]entry) []entry {
	if len(choices) == 0 {
		return nil
	}
	return slices.MinFunc(choices, func(a, b []entry) int { return cmp.Compare(s.count(a), s.count(b)) })
}

func (s *store) count(entries []entry) int {
	count := 0
	for _, entry := range entries {
		count += len(s.filed[entry])
	}
	return count
}

// put files the object in place of the one of its name.
func (s *store) put(object state.Object) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.remove(object.GetNamespace(), object.GetName())
	s.add(object)
}

func (s *store) delete(namespace, name string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.remove(namespace, name)
}

// add files the object. Its selector goes under the choice that fewest others have taken.
func (s *store) add(object state.Object) {
	for _, entry := range append(entries(object), s.rarest(selectorChoices(object))...) {
		s.filed[entry] = append(s.filed[entry], object)
	}
}

func (s *store) remove(namespace, name string) {
	named := s.filed[entry{index: byName, namespace: namespace, value: name}]
	for _, object := range slices.Clone(named) {
		for _, entry := range append(entries(object), slices.Concat(selectorChoices(object)...)...) {
			s.withdraw(entry, object)
		}
	}
}

func (s *store) withdraw(entry entry, object state.Object) {
	filed := s.filed[entry]
	at := slices.Index(filed, object)
	switch {
	case at < 0:
	case len(filed) == 1:
		delete(s.filed, entry)
	default:
		s.filed[entry] = slices.Delete(filed, at, at+1)
	}
}

func sortByName(objects []state.Object) {
	slices.SortStableFunc(objects, func(a, b state.Object) int { return cmp.Compare(a.GetName(), b.GetName()) })
}
