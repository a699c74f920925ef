// Package report judges what already runs in the cluster, with the engine of the webhook, and keeps one
// report an object of what its rules found. The webhook itself writes none.
package report

import (
	"slices"
	"time"

	corev1 "k8s.io/api/core/v1"

	"greenlight.dev/greenlight/api/v1alpha1"
)

// Report is what is known of one object.
type Report struct {
	Object corev1.ObjectReference
	// Policy is the name of the policy that governs the object: empty where that could not be told.
	Policy  string
	Summary Summary
	// Results are of the rules that did not pass, the most severe first. There may be fewer of them than the
	// summary counts.
	Results []Result
}

// Summary counts the rules that passed, and the results of the others.
type Summary struct {
	Pass  int `json:"pass"`
	Fail  int `json:"fail"`
	Error int `json:"error"`
	Warn  int `json:"warn"`
	Skip  int `json:"skip"`
}

// Result is what came of one rule at one place.
type Result struct {
	// Rule is empty for an error that kept every rule from judging.
	Rule    string
	Outcome Outcome
	// Mode is that of a finding: empty for skips and errors.
	Mode v1alpha1.Mode
	// Message says what is wrong, or why the rule was not evaluated.
	Message string
	// Path is the field at fault, and Fix what to do about it: empty for skips and errors.
	Path, Fix string
	// Since is when the result was first seen: zero where that is not kept.
	Since time.Time
}

// Outcome is a result in the words of Report and PolicyReport.
type Outcome string

const (
	// Fail is a finding that would be denied.
	Fail Outcome = "fail"
	// Error is a rule that failed itself.
	Error Outcome = "error"
	// Warn is a finding that would be warned about or noted.
	Warn Outcome = "warn"
	// Skip is a rule that was not evaluated, or whose finding is exempt.
	Skip Outcome = "skip"
)

// Outcomes lists every outcome of a result, the most severe first.
var Outcomes = []Outcome{Fail, Error, Warn, Skip}

// OutcomeOf returns what a finding of a mode comes to.
func OutcomeOf(mode v1alpha1.Mode) Outcome {
	if mode == v1alpha1.Deny {
		return Fail
	}
	return Warn
}

// Name is the name of an object's report.
func (r Report) Name() string { return namePrefix + string(r.Object.UID) }

const namePrefix = "greenlight-"

// Empty reports whether no rule judges the object, so that there is nothing to report.
func (r Report) Empty() bool { return r.Summary == Summary{} }

// same reports whether two results are of the same fault, whatever numbers are in the message.
func (r Result) same(other Result) bool {
	return r.Rule == other.Rule && r.Outcome == other.Outcome && r.Path == other.Path && r.Mode == other.Mode
}

// since takes over from an earlier report when its results were first seen, and returns those that are new.
func (r *Report) since(earlier Report, now time.Time) (added []Result) {
	known := slices.Clone(earlier.Results)
	for i := range r.Results {
		result := &r.Results[i]
		at := slices.IndexFunc(known, result.same)
		if at < 0 {
			result.Since = now
			added = append(added, *result)
			continue
		}
		result.Since = known[at].Since
		known = slices.Delete(known, at, at+1)
	}
	return added
}
