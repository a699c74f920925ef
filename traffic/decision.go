package traffic

import "strings"

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

// makeSure allows with a warning that says why it is not known what the change leads to, or matters little.
func makeSure(reason string) Decision {
	return Decision{AllowWithWarning, reason, "Make sure that the new target serves."}
}

// join makes one decision of several: the severest outcome, with every reason and fix.
func join(decisions ...Decision) Decision {
	var outcome Outcome
	var reasons, fixes []string
	for _, decision := range decisions {
		if decision.Outcome == Allow {
			continue
		}
		outcome = max(outcome, decision.Outcome)
		reasons = append(reasons, decision.Reason)
		fixes = append(fixes, decision.Fix)
	}
	return Decision{outcome, strings.Join(reasons, "; "), strings.Join(fixes, " ")}
}
