package v1alpha1

// Mode is what a finding of a rule leads to.
// +kubebuilder:validation:Enum=deny;warn;audit;off
type Mode string

const (
	// Deny rejects the change.
	Deny Mode = "deny"
	// Warn admits the change and tells its author.
	Warn Mode = "warn"
	// Audit admits the change silently; the finding goes to the audit log and to reports.
	Audit Mode = "audit"
	// Off does not run the rule.
	Off Mode = "off"
)

// Modes lists every mode, the strictest first.
var Modes = []Mode{Deny, Warn, Audit, Off}

// AtMost returns the laxer of m and limit. An empty limit does not limit.
func (m Mode) AtMost(limit Mode) Mode {
	if limit == "" || m.rank() >= limit.rank() {
		return m
	}
	return limit
}

func (m Mode) rank() int {
	for i, mode := range Modes {
		if m == mode {
			return i
		}
	}
	return len(Modes)
}
