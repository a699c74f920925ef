package cluster

import (
	"cmp"
	"slices"

	"k8s.io/apimachinery/pkg/runtime/schema"

	"greenlight.dev/greenlight/mutate"
	"greenlight.dev/greenlight/rules"
	"greenlight.dev/greenlight/state"
)

// Reads returns the kinds that are read: those that rules and mutators declare, and Namespaces, whose
// labels say which policy governs an object.
func Reads() []schema.GroupVersionKind {
	kinds := []schema.GroupVersionKind{state.Namespace}
	for _, rule := range rules.All {
		kinds = append(kinds, rule.Reads...)
	}
	for _, mutator := range mutate.All {
		kinds = append(kinds, mutator.Reads...)
	}
	slices.SortFunc(kinds, func(a, b schema.GroupVersionKind) int { return cmp.Compare(a.String(), b.String()) })
	return slices.Compact(kinds)
}
