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

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/types"

	"greenlight.dev/greenlight/api/v1alpha1"
	"greenlight.dev/greenlight/rules"
	"greenlight.dev/greenlight/state"
)

// Engine judges objects. It is safe for concurrent use.
type Engine struct {
	policies func() *Policies
	waits    *budget
}

// New returns an engine in which policy governs every object.
func New(policy *Policy) *Engine {
	policies := Only(policy)
	return Governed(func() *Policies { return policies })
}

// Governed returns an engine that asks for the policies in force at each judgement.
func Governed(policies func() *Policies) *Engine {
	return &Engine{policies: policies, waits: &budget{since: map[types.UID]time.Time{}}}
}

// Request is one object to judge.
type Request struct {
	Op     rules.Operation
	Object state.Object
	// Old is what Object replaces: nil unless Op is rules.Update.
	Old state.Object
	// Template returns the whole pod template of a Deployment of which Object holds only a part: nil
	// where it holds all.
	Template func() (*corev1.PodTemplateSpec, error)
	// User is who makes the change: empty for objects at rest.
	User rules.User
	// Orphans says that a deletion leaves the pods alone.
	Orphans bool
	// Scales says that the update is one of the scale subresource.
	Scales bool
	State  state.Reader
	// Announcer announces the change to those at the same moment: nil for what is not going to be made.
	Announcer Announcer
	// Patience is how long the judgement may wait until the controllers know what was made of earlier changes: 0
	// for what is not going to be made.
	Patience time.Duration
	// Waits is told when the judgement begins to wait for that, and by the function that it returns when it goes on.
	// Meanwhile its context is the one to ask with. It is nil where nobody wants to know.
	Waits func(context.Context) (waiting context.Context, goesOn func())
	Now   time.Time
}

// Verdict is all there is to say of one object.
type Verdict struct {
	// Policy is the name of the policy that governs the object.
	Policy string
	// Evaluated is how many of the policy's rules judge such an object.
	Evaluated int
	// Findings are sorted by the order of the rules, then by field.
	Findings []Finding
	// Lifted are the findings that an exemption or an annotation takes out of Findings.
	Lifted []Lifted
	// Skipped are the rules that could be neither passed nor failed.
	Skipped []Skip
	// Errors are the rules that failed themselves, each a RuleError, and what else kept the object from
	// being judged.
	Errors []error
	// Late says what controllers did not know yet when patience was at its end: empty where they were up to date.
	Late string
	// Override says who forces the change and why, or why they may not: empty where the change carries no
	// override, or needs none.
	Override string
}

// Finding is a rule's finding with the mode that the policy gives it.
type Finding struct {
	rules.Finding
	Rule string
	Mode v1alpha1.Mode
	// Note says why the mode is milder than the policy's, or why an annotation does not lift the finding:
	// empty where there is nothing to say.
	Note string
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

// Governing returns the policy that governs an object. It fails where the object's namespace decides and
// could not be read.
func (e *Engine) Governing(ctx context.Context, object state.Object, reader state.Reader) (*Policy, error) {
	return e.policies().govern(ctx, object, reader)
}

// Judge runs every rule that applies to the request. It never stops at the first finding.
func (e *Engine) Judge(ctx context.Context, request Request) Verdict {
	request.State = &memo{Reader: request.State}
	policy, err := e.Governing(ctx, request.Object, request.State)
	if err != nil {
		return Verdict{Errors: []error{err}}
	}
	judgement := &judgement{policy: policy, request: request, verdict: Verdict{Policy: policy.Name}}
	judgement.awaitCounts(ctx, e.waits)
	judgement.announce(ctx)
	judgement.run(ctx)
	return judgement.verdict
}

// judgement is one object on its way to its verdict.
type judgement struct {
	policy    *Policy
	request   Request
	announced *rules.Announced
	verdict   Verdict
}

func (j *judgement) run(ctx context.Context) {
	for _, active := range j.policy.rules {
		if active.appliesTo(j.request) {
			j.verdict.Evaluated++
			j.evaluate(ctx, active)
		}
	}
	j.lift()
	j.existing(ctx)
	if err := j.rollback(ctx); err != nil {
		j.verdict.Errors = append(j.verdict.Errors, err)
	}
	j.force()
}

func (j *judgement) evaluate(ctx context.Context, active activeRule) {
	findings, err := j.pass(ctx, active, j.request)
	slices.SortStableFunc(findings, byPath)
	j.verdict.Findings = append(j.verdict.Findings, findings...)
	var unknown state.Unknown
	var ruleError *RuleError
	switch {
	case err == nil:
	case errors.As(err, &unknown):
		j.verdict.Skipped = append(j.verdict.Skipped, Skip{Rule: active.rule.ID, Reason: unknown.Reason})
	case errors.As(err, &ruleError):
		j.verdict.Errors = append(j.verdict.Errors, ruleError)
	default:
		j.verdict.Errors = append(j.verdict.Errors, &RuleError{Rule: active.rule.ID, Err: err})
	}
}

func (a activeRule) appliesTo(request Request) bool {
	return (a.rule.Scales || !request.Scales) && a.rule.Judges(request.Object.GetObjectKind().GroupVersionKind(), request.Op)
}

// pass runs one rule. What panics in it is an error of the rule.
func (j *judgement) pass(ctx context.Context, active activeRule, request Request) (findings []Finding, err error) {
	defer func() {
		if cause := recover(); cause != nil {
			err = &RuleError{Rule: active.rule.ID, Err: fmt.Errorf("panic: %v", cause), Stack: debug.Stack()}
		}
	}()
	pass := j.newPass(active, request)
	pass.Report = func(finding rules.Finding) {
		findings = append(findings, Finding{Finding: finding, Rule: active.rule.ID, Mode: active.mode.AtMost(finding.AtMost)})
	}
	err = active.rule.Run(ctx, pass)
	return findings, err
}

func (j *judgement) newPass(active activeRule, request Request) *rules.Pass {
	return &rules.Pass{
		Op: request.Op, Object: request.Object, Old: request.Old, User: request.User, Orphans: request.Orphans,
		Params: active.params, Traffic: j.policy.spec.Traffic, State: request.State, Announced: j.announced, Now: request.Now,
	}
}

func byPath(a, b Finding) int {
	return cmp.Compare(a.Path.String(), b.Path.String())
}
