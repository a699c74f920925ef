// Package engine judges an object: it picks the policy that governs it, runs the policy's rules and
// gives every finding its mode. A rule that panics is an error of that rule, never of the process.
package engine

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"slices"
	"time"

	"greenlight.dev/greenlight/api/v1alpha1"
	"greenlight.dev/greenlight/rules"
	"greenlight.dev/greenlight/state"
)

// Engine judges objects. It is safe for concurrent use.
type Engine struct {
	policy *Policy
}

// New returns an engine in which policy governs every object.
func New(policy *Policy) *Engine {
	return &Engine{policy: policy}
}

// Request is one object to judge.
type Request struct {
	Op     rules.Operation
	Object state.Object
	// Old is what Object replaces: nil unless Op is rules.Update.
	Old state.Object
	// User is who makes the change: empty for objects at rest.
	User  rules.User
	State state.Reader
	Now   time.Time
}

// Verdict is all there is to say of one object.
type Verdict struct {
	// Policy is the name of the policy that governs the object.
	Policy string
	// Findings are sorted by the order of the rules, then by field.
	Findings []Finding
	// Skipped are the rules that could be neither passed nor failed.
	Skipped []Skip
	// Errors are the rules that failed themselves, each a RuleError.
	Errors []error
}

// Finding is a rule's finding with the mode that the policy gives it.
type Finding struct {
	rules.Finding
	Rule string
	Mode v1alpha1.Mode
}

// Skip is a rule that was not evaluated, and why.
type Skip struct{ Rule, Reason string }

// RuleError is the failure of a rule itself.
type RuleError struct {
	Rule string
	Err  error
	// Stack is where the rule panicked: nil if it returned the error.
	Stack []byte
}

func (e *RuleError) Error() string { return fmt.Sprintf("rule %s: %v", e.Rule, e.Err) }

func (e *RuleError) Unwrap() error { return e.Err }

// With returns the findings of one mode.
func (v Verdict) With(mode v1alpha1.Mode) []Finding {
	var findings []Finding
	for _, finding := range v.Findings {
		if finding.Mode == mode {
			findings = append(findings, finding)
		}
	}
	return findings
}

// Defaults returns what the governing policy injects.
func (e *Engine) Defaults() v1alpha1.Defaults {
	return e.policy.defaults
}

// Judge runs every rule that applies to the request. It never stops at the first finding.
func (e *Engine) Judge(ctx context.Context, request Request) Verdict {
	verdict := Verdict{Policy: e.policy.Name}
	for _, active := range e.policy.rules {
		if active.appliesTo(request) {
			active.judge(ctx, request, &verdict)
		}
	}
	return verdict
}

func (a activeRule) appliesTo(request Request) bool {
	kind := request.Object.GetObjectKind().GroupVersionKind()
	return slices.Contains(a.rule.Kinds, kind) &&
		(len(a.rule.Ops) == 0 || slices.Contains(a.rule.Ops, request.Op))
}

func (a activeRule) judge(ctx context.Context, request Request, verdict *Verdict) {
	findings, err := a.run(ctx, request)
	slices.SortStableFunc(findings, byPath)
	verdict.Findings = append(verdict.Findings, findings...)
	var unknown state.Unknown
	var ruleError *RuleError
	switch {
	case err == nil:
	case errors.As(err, &unknown):
		verdict.Skipped = append(verdict.Skipped, Skip{Rule: a.rule.ID, Reason: unknown.Reason})
	case errors.As(err, &ruleError):
		verdict.Errors = append(verdict.Errors, ruleError)
	default:
		verdict.Errors = append(verdict.Errors, &RuleError{Rule: a.rule.ID, Err: err})
	}
}

func (a activeRule) run(ctx context.Context, request Request) (findings []Finding, err error) {
	defer func() {
		if cause := recover(); cause != nil {
			err = &RuleError{Rule: a.rule.ID, Err: fmt.Errorf("panic: %v", cause), Stack: debug.Stack()}
		}
	}()
	err = a.rule.Run(ctx, &rules.Pass{
		Op: request.Op, Object: request.Object, Old: request.Old, User: request.User,
		Params: a.params, State: request.State, Now: request.Now,
		Report: func(finding rules.Finding) {
			findings = append(findings, Finding{Finding: finding, Rule: a.rule.ID, Mode: a.mode.AtMost(finding.AtMost)})
		},
	})
	return findings, err
}

func byPath(a, b Finding) int {
	return cmp.Compare(a.Path.String(), b.Path.String())
}
