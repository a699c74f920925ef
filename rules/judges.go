package rules

import (
	"slices"

	"k8s.io/apimachinery/pkg/runtime/schema"
)

// Judges reports whether the rule judges objects of a kind when this happens to them.
func (r *Rule) Judges(kind schema.GroupVersionKind, op Operation) bool {
	return slices.Contains(r.Kinds, kind) && (len(r.Ops) == 0 && op != Delete || slices.Contains(r.Ops, op))
}
