package cluster

import (
	"cmp"
	"slices"

	"k8s.io/apimachinery/pkg/runtime/schema"

	"greenlight.dev/greenlight/mutate"
	"greenlight.dev/greenlight/rules"
	"greenlight.dev/greenlight/state"
)

// Reads returns the kinds that are read in any way.
func Reads() []schema.GroupVersionKind {
	kinds := Gets(rules.All)
	for _, rule := range rules.All {
		kinds = append(kinds, rule.Reads...)
	}
	for _, mutator := range mutate.All {
		kinds = append(kinds, mutator.Reads...)
	}
	return sorted(kinds)
}

// ListsLive returns the kinds of which rules ask the API server for all that match, because no cache keeps them.
func ListsLive(entries []rules.Entry) []schema.GroupVersionKind {
	var kinds []schema.GroupVersionKind
	for _, rule := range entries {
		kinds = append(kinds, rule.Reads...)
	}
	return sorted(slices.DeleteFunc(kinds, Cached))
}

// Gets returns the kinds of which single objects are asked of the API server: those that rules declare, and
// Namespaces, whose labels say which policy governs an object.
func Gets(entries []rules.Entry) []schema.GroupVersionKind {
	kinds := []schema.GroupVersionKind{state.Namespace}
	for _, rule := range entries {
		kinds = append(kinds, rule.Gets...)
	}
	return sorted(kinds)
}

// GetsAtRest returns those of Gets that are asked for where objects are judged as they stand: what a cache keeps is
// read from there, but for a Namespace that it does not know.
func GetsAtRest(entries []rules.Entry) []schema.GroupVersionKind {
	return sorted(append(slices.DeleteFunc(Gets(entries), Cached), state.Namespace))
}

func sorted(kinds []schema.GroupVersionKind) []schema.GroupVersionKind {
	slices.SortFunc(kinds, func(a, b schema.GroupVersionKind) int { return cmp.Compare(a.String(), b.String()) })
	return slices.Compact(kinds)
}
