package engine_test

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/validation/field"

	"greenlight.dev/greenlight/api/v1alpha1"
	"greenlight.dev/greenlight/internal/engine"
	"greenlight.dev/greenlight/rules"
)

type limits struct {
	Least int `json:"least"`
	Most  int `json:"most"`
}

// Validate is what the engine calls after it has set the parameters.
func (l *limits) Validate(path *field.Path) field.ErrorList {
	if l.Least <= l.Most {
		return nil
	}
	return field.ErrorList{field.Invalid(path.Child("least"), l.Least, "must not be more than most")}
}

func TestParametersComeFromThePolicyAndOtherwiseFromTheRule(t *testing.T) {
	tests := map[string]struct {
		params *runtime.RawExtension
		want   limits
	}{
		"none":       {nil, limits{Least: 1, Most: 10}},
		"no content": {raw(`{}`), limits{Least: 1, Most: 10}},
		"one":        {raw(`{"least": 5}`), limits{Least: 5, Most: 10}},
		"both":       {raw(`{"least": 5, "most": 6}`), limits{Least: 5, Most: 6}},
		"zero":       {raw(`{"least": 0}`), limits{Least: 0, Most: 10}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			var got limits
			entry := limited(func(_ context.Context, pass *rules.Pass) error {
				got = *pass.Params.(*limits)
				return nil
			})
			judge(t, policy(v1alpha1.RuleSetting{Name: "limited", Params: test.params}), entry)
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("parameters (-want +got):\n%s", diff)
			}
		})
	}
}

func TestPoliciesDoNotShareParameters(t *testing.T) {
	var got []int
	entry := limited(func(_ context.Context, pass *rules.Pass) error {
		got = append(got, pass.Params.(*limits).Least)
		return nil
	})
	judge(t, policy(v1alpha1.RuleSetting{Name: "limited", Params: raw(`{"least": 5}`)}), entry)
	judge(t, &v1alpha1.RolloutPolicy{}, entry)
	if diff := cmp.Diff([]int{5, 1}, got); diff != "" {
		t.Errorf("least (-want +got):\n%s", diff)
	}
}

func TestAPolicyThatIsNotValidIsAnErrorThatNamesTheField(t *testing.T) {
	tests := map[string]struct {
		spec v1alpha1.RolloutPolicySpec
		want string
	}{
		"an unknown rule": {
			settings(v1alpha1.RuleSetting{Name: "alway"}),
			`spec.rules[0].name: Invalid value: "alway": there is no rule "alway"; the nearest is "always" (all: limited, always)`,
		},
		"an unknown mode": {
			settings(v1alpha1.RuleSetting{Name: "always", Mode: "error"}),
			`spec.rules[0].mode: Unsupported value: "error": supported values: "deny", "warn", "audit", "off"`,
		},
		"an unknown profile": {
			v1alpha1.RolloutPolicySpec{Profile: "lax"},
			`spec.profile: Unsupported value: "lax": supported values: "baseline", "strict"`,
		},
		"a rule set twice": {
			settings(v1alpha1.RuleSetting{Name: "always"}, v1alpha1.RuleSetting{Name: "always", Mode: v1alpha1.Off}),
			`spec.rules[1].name: Duplicate value: "always"`,
		},
		"parameters of a rule that has none": {
			settings(v1alpha1.RuleSetting{Name: "always", Params: raw(`{"least": 1}`)}),
			`spec.rules[0].params: Forbidden: this rule has no parameters: remove them`,
		},
		"an unknown parameter": {
			settings(v1alpha1.RuleSetting{Name: "limited", Params: raw(`{"lest": 1}`)}),
			`spec.rules[0].params.lest: Invalid value: "1": there is no such parameter; the nearest is "least" (all: least, most)`,
		},
		"a parameter that the rule rejects": {
			settings(v1alpha1.RuleSetting{Name: "limited", Params: raw(`{"least": 11}`)}),
			`spec.rules[0].params.least: Invalid value: 11: must not be more than most`,
		},
		"a default that is not positive": {
			v1alpha1.RolloutPolicySpec{Defaults: v1alpha1.Defaults{PreStop: v1alpha1.PreStopDefaults{SleepSeconds: -1}}},
			`spec.defaults.preStop.sleepSeconds: Invalid value: -1: must be greater than 0`,
		},
		"several errors at once": {
			v1alpha1.RolloutPolicySpec{
				Profile: "lax",
				Rules: []v1alpha1.RuleSetting{
					{Name: "limited", Params: raw(`{"least": 11}`)},
					{Name: "alway", Mode: "error"},
				},
				Defaults: v1alpha1.Defaults{ReadinessProbe: v1alpha1.ReadinessProbeDefaults{PeriodSeconds: -1, TimeoutSeconds: -2, FailureThreshold: -3}},
			},
			`[spec.profile: Unsupported value: "lax": supported values: "baseline", "strict", ` +
				`spec.rules[1].name: Invalid value: "alway": there is no rule "alway"; the nearest is "always" (all: limited, always), ` +
				`spec.rules[1].mode: Unsupported value: "error": supported values: "deny", "warn", "audit", "off", ` +
				`spec.defaults.readinessProbe.periodSeconds: Invalid value: -1: must be greater than 0, ` +
				`spec.defaults.readinessProbe.timeoutSeconds: Invalid value: -2: must be greater than 0, ` +
				`spec.defaults.readinessProbe.failureThreshold: Invalid value: -3: must be greater than 0, ` +
				`spec.rules[0].params.least: Invalid value: 11: must not be more than most]`,
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			entries := []rules.Entry{limited(fails(nil)), rule("always", fails(nil))}
			_, err := engine.NewPolicy(&v1alpha1.RolloutPolicy{Spec: test.spec}, entries)
			compareError(t, test.want, err)
		})
	}
}

func TestAPolicyDoesNotChangeItsDocument(t *testing.T) {
	document := policy(v1alpha1.RuleSetting{Name: "limited", Params: raw(`{"least": 5}`)})
	judge(t, document, limited(fails(nil)))
	if diff := cmp.Diff(policy(v1alpha1.RuleSetting{Name: "limited", Params: raw(`{"least": 5}`)}), document); diff != "" {
		t.Errorf("document (-want +got):\n%s", diff)
	}
}

func TestAPolicyTellsWhatItInjects(t *testing.T) {
	document := &v1alpha1.RolloutPolicy{}
	document.Spec.Defaults.PreStop.SleepSeconds = 15
	ready, err := engine.NewPolicy(document, nil)
	if err != nil {
		t.Fatal(err)
	}
	got := ready.Defaults()
	if got.PreStop.SleepSeconds != 15 || got.ReadinessProbe.PeriodSeconds != 5 {
		t.Errorf("got %+v", got)
	}
}

func limited(run func(context.Context, *rules.Pass) error) rules.Entry {
	entry := rule("limited", run)
	entry.Params = func() any { return &limits{Least: 1, Most: 10} }
	return entry
}

func policy(settings ...v1alpha1.RuleSetting) *v1alpha1.RolloutPolicy {
	return &v1alpha1.RolloutPolicy{Spec: v1alpha1.RolloutPolicySpec{Rules: settings}}
}

func settings(settings ...v1alpha1.RuleSetting) v1alpha1.RolloutPolicySpec {
	return v1alpha1.RolloutPolicySpec{Rules: settings}
}

func raw(text string) *runtime.RawExtension { return &runtime.RawExtension{Raw: []byte(text)} }

func compareError(t *testing.T, want string, err error) {
	t.Helper()
	if err == nil {
		t.Fatalf("no error, want %s", want)
	}
	if diff := cmp.Diff(want, err.Error()); diff != "" {
		t.Errorf("error (-want +got):\n%s", diff)
	}
}
