package cluster

import (
	"cmp"
	"fmt"
	"slices"
	"sync"

	toolscache "k8s.io/client-go/tools/cache"

	"greenlight.dev/greenlight/state"
)

// store holds the objects of one kind, filed so that a query looks at few of them: a client-go
// indexer cannot tell how many objects an entry has, and a label that all of a namespace share would
// be as slow as a scan.
type store struct {
	mu    sync.RWMutex
	filed register
	// broken is why an object is missing: no listing is complete any more.
	broken error
	// changed is told what was filed or is gone: nil where nobody listens.
	changed func(toolscache.ObjectName)
}

// item holds an object.
type item interface {
	object() (state.Object, error)
}

func newStore() *store {
	return &store{filed: newRegister()}
}

// find returns the objects that the query asks for, sorted by name.
func (s *store) find(query state.Query) ([]state.Object, error) {
	candidates, err := s.candidates(query)
	if err != nil {
		return nil, err
	}
	var found []state.Object
	for _, candidate := range candidates {
		object, err := candidate.object()
		if err != nil {
			return nil, err
		}
		if query.Matches(object) {
			found = append(found, object)
		}
	}
	sortByName(found)
	return found, nil
}

// candidates are all that the query may ask for: entries narrow down what is looked at, what matches
// is said by the query alone.
func (s *store) candidates(query state.Query) ([]item, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if s.broken != nil {
		return nil, fmt.Errorf("the cache is not complete: %w", s.broken)
	}
	var numbers []uint32
	for _, entry := range s.narrow(query) {
		numbers = append(numbers, s.filed.numbers(entry.hash())...)
	}
	// An object may have one label and its pods another: then it is under two of the entries.
	slices.Sort(numbers)
	candidates := make([]item, 0, len(numbers))
	for _, number := range slices.Compact(numbers) {
		candidates = append(candidates, s.filed.items.values[number])
	}
	return candidates, nil
}

// narrow returns the entries under which all that the query asks for is filed.
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
		return s.rarest(choices(byLabel, namespace, query.TemplateLabels, whole))
	case query.Labels != nil:
		return s.rarest(choices(byLabel, namespace, query.Labels, whole))
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
		count += int(s.filed.lists[entry.hash()].count)
	}
	return count
}

func sortByName(objects []state.Object) {
	slices.SortStableFunc(objects, func(a, b state.Object) int { return cmp.Compare(a.GetName(), b.GetName()) })
}
