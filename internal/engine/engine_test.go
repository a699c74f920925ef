package engine_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/util/validation/field"

	"greenlight.dev/greenlight/api/v1alpha1"
	"greenlight.dev/greenlight/internal/engine"
	"greenlight.dev/greenlight/rules"
	"greenlight.dev/greenlight/state"
)

func TestAFindingHasTheModeOfItsProfileUnlessThePolicyOrTheFindingSaysOtherwise(t *testing.T) {
	tests := map[string]struct {
		profile v1alpha1.Profile
		set     v1alpha1.Mode
		atMost  v1alpha1.Mode
		want    []string
	}{
		"baseline":                                  {"", "", "", []string{"warn"}},
		"strict":                                    {v1alpha1.Strict, "", "", []string{"deny"}},
		"the policy is stricter":                    {"", v1alpha1.Deny, "", []string{"deny"}},
		"the policy is laxer":                       {v1alpha1.Strict, v1alpha1.Audit, "", []string{"audit"}},
		"the policy turns it off":                   {v1alpha1.Strict, v1alpha1.Off, "", nil},
		"the finding is mild":                       {v1alpha1.Strict, "", v1alpha1.Audit, []string{"audit"}},
		"the finding is mild, the policy strict":    {"", v1alpha1.Deny, v1alpha1.Warn, []string{"warn"}},
		"the finding may be what the policy is not": {"", "", v1alpha1.Deny, []string{"warn"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			entry := rule("always", reports(rules.Finding{Message: "Found.", AtMost: test.atMost}))
			document := &v1alpha1.RolloutPolicy{Spec: v1alpha1.RolloutPolicySpec{
				Profile: test.profile,
				Rules:   []v1alpha1.RuleSetting{{Name: "always", Mode: test.set}},
			}}
			var got []string
			for _, finding := range judge(t, document, entry).Findings {
				got = append(got, string(finding.Mode))
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("modes (-want +got):\n%s", diff)
			}
		})
	}
}

func TestARuleJudgesItsKindsAndOperations(t *testing.T) {
	tests := map[string]struct {
		kinds []schema.GroupVersionKind
		ops   []rules.Operation
		want  int
	}{
		"its kind, every operation": {[]schema.GroupVersionKind{state.Service}, nil, 1},
		"its kind, its operation":   {[]schema.GroupVersionKind{state.Service}, []rules.Operation{rules.Update, rules.Create}, 1},
		"another kind":              {[]schema.GroupVersionKind{state.Deployment}, nil, 0},
		"another operation":         {[]schema.GroupVersionKind{state.Service}, []rules.Operation{rules.Update, rules.Rest}, 0},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			entry := rule("always", reports(rules.Finding{Message: "Found."}))
			entry.Kinds, entry.Ops = test.kinds, test.ops
			if got := len(judge(t, &v1alpha1.RolloutPolicy{}, entry).Findings); got != test.want {
				t.Errorf("%d findings, want %d", got, test.want)
			}
		})
	}
}

func TestFindingsAreInTheOrderOfTheRulesThenOfTheFields(t *testing.T) {
	spec := field.NewPath("spec")
	first := rule("first-rule", reports(
		rules.Finding{Path: spec.Child("type"), Message: "Third."},
		rules.Finding{Path: spec.Child("ports"), Message: "First."},
		rules.Finding{Path: spec.Child("ports"), Message: "Second."},
	))
	second := rule("another-rule", reports(rules.Finding{Path: spec, Message: "Fourth."}))
	var got []string
	for _, finding := range judge(t, &v1alpha1.RolloutPolicy{}, first, second).Findings {
		got = append(got, finding.Rule+": "+finding.Message)
	}
	want := []string{"first-rule: First.", "first-rule: Second.", "first-rule: Third.", "another-rule: Fourth."}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("findings (-want +got):\n%s", diff)
	}
}

func TestAFindingWithoutAFieldIsNoReasonToFail(t *testing.T) {
	verdict := judge(t, &v1alpha1.RolloutPolicy{}, rule("always", reports(rules.Finding{Message: "One."}, rules.Finding{Message: "Two."})))
	if len(verdict.Findings) != 2 || len(verdict.Errors) > 0 {
		t.Errorf("got %+v", verdict)
	}
}

func TestWhatCannotBeKnownIsSkipped(t *testing.T) {
	unknown := state.Unknown{Reason: "nobody knows"}
	for name, err := range map[string]error{"plain": unknown, "wrapped": fmt.Errorf("looking: %w", unknown)} {
		t.Run(name, func(t *testing.T) {
			verdict := judge(t, &v1alpha1.RolloutPolicy{}, rule("unsure", fails(err)))
			want := engine.Verdict{Evaluated: 1, Skipped: []engine.Skip{{Rule: "unsure", Reason: "nobody knows"}}}
			if diff := cmp.Diff(want, verdict); diff != "" {
				t.Errorf("verdict (-want +got):\n%s", diff)
			}
		})
	}
}

func TestAFailingRuleIsAnErrorOfThatRule(t *testing.T) {
	cause := errors.New("the cluster is not there")
	verdict := judge(t, &v1alpha1.RolloutPolicy{}, rule("failing", fails(cause)))
	if len(verdict.Errors) != 1 || !errors.Is(verdict.Errors[0], cause) || len(verdict.Skipped) > 0 {
		t.Fatalf("got %+v", verdict)
	}
	if diff := cmp.Diff("rule failing: the cluster is not there", verdict.Errors[0].Error()); diff != "" {
		t.Errorf("error (-want +got):\n%s", diff)
	}
}

func TestAPanickingRuleIsAnErrorAndTheOtherRulesRun(t *testing.T) {
	panicking := rule("panicking", func(_ context.Context, pass *rules.Pass) error {
		pass.Report(rules.Finding{Message: "Found before."})
		panic("no such index")
	})
	verdict := judge(t, &v1alpha1.RolloutPolicy{}, panicking, rule("always", reports(rules.Finding{Message: "Found after."})))
	var failure *engine.RuleError
	if len(verdict.Errors) != 1 || !errors.As(verdict.Errors[0], &failure) {
		t.Fatalf("errors: %v", verdict.Errors)
	}
	if diff := cmp.Diff("rule panicking: panic: no such index", failure.Error()); diff != "" {
		t.Errorf("error (-want +got):\n%s", diff)
	}
	if !strings.Contains(string(failure.Stack), "engine_test.go") {
		t.Errorf("the stack does not lead to the rule:\n%s", failure.Stack)
	}
	if len(verdict.Findings) != 2 {
		t.Errorf("findings: %+v", verdict.Findings)
	}
}

func TestARuleSeesTheRequest(t *testing.T) {
	now := time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC)
	request := engine.Request{Op: rules.Update, Object: service("new"), Old: service("old"), Now: now}
	var got *rules.Pass
	watching := rule("watching", func(_ context.Context, pass *rules.Pass) error {
		got = pass
		return nil
	})
	engine.New(engine.Baseline([]rules.Entry{watching})).Judge(t.Context(), request)
	if got.Op != rules.Update || got.Object != request.Object || got.Old != request.Old || got.Now != now {
		t.Errorf("the rule got %+v", got)
	}
}

func TestAVerdictNamesItsPolicyAndPicksFindingsByMode(t *testing.T) {
	mild := rule("mild", reports(rules.Finding{Message: "Mild.", AtMost: v1alpha1.Audit}))
	verdict := engine.New(engine.Baseline([]rules.Entry{mild, rule("always", reports(rules.Finding{Message: "Found."}))})).
		Judge(t.Context(), create())
	if verdict.Policy != "baseline" {
		t.Errorf("policy %q", verdict.Policy)
	}
	want := []engine.Finding{{Finding: rules.Finding{Message: "Mild.", AtMost: v1alpha1.Audit}, Rule: "mild", Mode: v1alpha1.Audit}}
	if diff := cmp.Diff(want, verdict.With(v1alpha1.Audit)); diff != "" {
		t.Errorf("audit findings (-want +got):\n%s", diff)
	}
}

func TestAnEngineJudgesManyRequestsAtOnce(t *testing.T) {
	judging := engine.New(engine.Baseline([]rules.Entry{
		rule("always", reports(rules.Finding{Message: "Found."})),
		rule("unsure", fails(state.Unknown{Reason: "nobody knows"})),
		rule("panicking", func(context.Context, *rules.Pass) error { panic("no such index") }),
	}))
	var group sync.WaitGroup
	for range 50 {
		group.Go(func() {
			verdict := judging.Judge(t.Context(), create())
			if len(verdict.Findings) != 1 || len(verdict.Skipped) != 1 || len(verdict.Errors) != 1 {
				t.Errorf("got %+v", verdict)
			}
		})
	}
	group.Wait()
}

// rule judges every operation on Services: baseline warns, strict denies.
func rule(id string, run func(context.Context, *rules.Pass) error) rules.Entry {
	judged := &rules.Rule{ID: id, Kinds: []schema.GroupVersionKind{state.Service}, Run: run}
	return rules.Entry{Rule: judged, Baseline: v1alpha1.Warn, Strict: v1alpha1.Deny}
}

func reports(findings ...rules.Finding) func(context.Context, *rules.Pass) error {
	return func(_ context.Context, pass *rules.Pass) error {
		for _, finding := range findings {
			pass.Report(finding)
		}
		return nil
	}
}

func fails(err error) func(context.Context, *rules.Pass) error {
	return func(context.Context, *rules.Pass) error { return err }
}

func judge(t *testing.T, document *v1alpha1.RolloutPolicy, entries ...rules.Entry) engine.Verdict {
	t.Helper()
	policy, err := engine.NewPolicy(document, entries)
	if err != nil {
		t.Fatal(err)
	}
	return engine.New(policy).Judge(t.Context(), create())
}

func create() engine.Request {
	return engine.Request{Op: rules.Create, Object: service("web")}
}

func service(name string) *corev1.Service {
	service := &corev1.Service{}
	service.SetGroupVersionKind(state.Service)
	service.Name = name
	return service
}
