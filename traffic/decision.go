package traffic

// Outcome is what a change leads to.
type Outcome int

const (
	// Allow lets the change through.
	Allow Outcome = iota
	// AllowAndRecord lets the change through and says what to know of it later.
	AllowAndRecord
	// AllowWithWarning lets the change through and says what to know of it.
	AllowWithWarning
	// Deny rejects the change.
	Deny
)

// Decision is an outcome, with its reason and what to do about it: both empty for Allow.
type Decision struct {
	Outcome     Outcome
	Reason, Fix string
}
