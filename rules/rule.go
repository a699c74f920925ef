// Package rules judges workloads and Services: each rule is data plus one function in a file named by its id,
// and any driver can list, explain and run it.
package rules

import (
	"context"
	"time"

	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/util/validation/field"

	"greenlight.dev/greenlight/api/v1alpha1"
	"greenlight.dev/greenlight/state"
	"greenlight.dev/greenlight/traffic"
)

// Rule judges one fault.
type Rule struct {
	// ID is kebab-case, names the fault and is never renamed.
	ID string
	// Doc explains the rule to the person it denied, in Markdown: a title line, why it matters, a
	// wrong and a right example, and how to fix it.
	Doc string
	// Kinds are the kinds that the rule judges.
	Kinds []schema.GroupVersionKind
	// Ops are the operations that the rule judges; none means all that leave an object behind, and objects
	// at rest as well.
	Ops []Operation
	// Scales says that the rule judges the scale subresource too, as an update of the workload.
	Scales bool
	// Reads are the kinds of which the rule asks its State for all that match.
	Reads []schema.GroupVersionKind
	// Gets are the kinds of which it asks the API server for single objects by their names.
	Gets []schema.GroupVersionKind
	// Races reports whether another change at the same moment could make this one unsafe, although each is
	// safe alone: such a change is announced before the rule reads. Nil for a rule without races.
	Races func(pass *Pass) bool
	// Params returns the rule's parameters with their defaults, as a pointer to a struct: nil for a
	// rule without parameters.
	Params func() any
	// Run reports what is wrong. It returns state.Unknown where that cannot be known, and any other
	// error where the rule itself failed.
	Run func(ctx context.Context, pass *Pass) error
}

// Operation is what happens to the object under judgement.
type Operation string

const (
	// Create adds the object.
	Create Operation = "CREATE"
	// Update replaces Old by the object.
	Update Operation = "UPDATE"
	// Delete removes the object.
	Delete Operation = "DELETE"
	// Rest means that nothing happens: the object is judged as it stands.
	Rest Operation = "REST"
)

// User is who makes a change, as the API server authenticated them.
type User struct {
	Name   string
	Groups []string
}

// Pass is one run of one rule on one object. A rule changes nothing in it.
type Pass struct {
	Op Operation
	// Object is the object under judgement, with the API server's defaults filled in.
	Object state.Object
	// Old is what Object replaces: nil unless Op is Update.
	Old state.Object
	// User is who makes the change: empty for objects at rest.
	User User
	// Orphans says that a deletion leaves the pods alone.
	Orphans bool
	// Params are the rule's parameters: what its Params function returned, with the policy's values.
	Params any
	// Traffic is what the policy lets a change do to the pods that serve.
	Traffic v1alpha1.Traffic
	State   state.Reader
	// Announced is what is known of changes at the same moment, and of late: nil where changes are not
	// announced, which is outside of the cluster and where the policy says so.
	Announced *Announced
	Now       time.Time
	// Report takes a finding.
	Report func(Finding)
}

// Announced is what is known of other changes than the one under judgement.
type Announced struct {
	// Err says why this change could not be announced, so that one at the same moment may not see it.
	Err error
	// Switches are the switches of Services in the namespace that were admitted of late.
	Switches []traffic.PastSwitch
}

// Finding is one fault at one place.
type Finding struct {
	// Path is the field at fault, list items by name: spec.template.spec.containers[name="web"].
	Path *field.Path
	// Message says what is wrong, with the numbers that matter, as one sentence.
	Message string
	// Fix says what to do about it, as one sentence.
	Fix string
	// Degree is how bad the fault is, where it has degrees: an update that keeps it or lowers it makes
	// nothing worse.
	Degree int
	// Now says that the fault takes effect on the pods that serve now, so that going back to an earlier
	// revision does not excuse it.
	Now bool
	// AtMost limits the mode for a milder form of the fault. Empty: the rule's own mode.
	AtMost v1alpha1.Mode
}
