package engine_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"greenlight.dev/greenlight/api/v1alpha1"
	"greenlight.dev/greenlight/internal/engine"
)

func TestAnExemptionLiftsItsRulesForTheObjectsItNames(t *testing.T) {
	expires := func(after time.Duration) *metav1.Time { return &metav1.Time{Time: noon.Add(after)} }
	const lifted = "an exemption of policy shop: Until the migration is over."
	tests := map[string]struct {
		exemption v1alpha1.Exemption
		want      string
	}{
		"by name":                          {v1alpha1.Exemption{Names: []string{"web"}}, lifted},
		"by namespace":                     {v1alpha1.Exemption{Namespaces: []string{"shop"}}, lifted},
		"by kind":                          {v1alpha1.Exemption{Kinds: []string{"Deployment"}}, lifted},
		"by any of several names":          {v1alpha1.Exemption{Names: []string{"api", "web"}}, lifted},
		"by a glob":                        {v1alpha1.Exemption{Names: []string{"w*"}, Namespaces: []string{"sh?p"}}, lifted},
		"until it expires":                 {v1alpha1.Exemption{Names: []string{"web"}, Expires: expires(time.Nanosecond)}, "an exemption of policy shop until 2026-01-01T12:00:00Z: Until the migration is over."},
		"not at the moment it expires":     {v1alpha1.Exemption{Names: []string{"web"}, Expires: expires(0)}, ""},
		"not after it expired":             {v1alpha1.Exemption{Names: []string{"web"}, Expires: expires(-time.Second)}, ""},
		"not of another name":              {v1alpha1.Exemption{Names: []string{"web-green"}}, ""},
		"not of another namespace":         {v1alpha1.Exemption{Namespaces: []string{"bank"}, Names: []string{"web"}}, ""},
		"not of another kind":              {v1alpha1.Exemption{Kinds: []string{"Service"}, Names: []string{"web"}}, ""},
		"not where the glob is in capital": {v1alpha1.Exemption{Names: []string{"W*"}}, ""},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			test.exemption.Rules, test.exemption.Reason = []string{"bad"}, "Until the migration is over."
			spec := v1alpha1.RolloutPolicySpec{Exemptions: []v1alpha1.Exemption{test.exemption}}
			verdict := judgeChange(t, spec, change(), always("bad", v1alpha1.Deny))
			compareLifted(t, test.want, verdict)
		})
	}
}

func TestAnExemptionLeavesOtherRulesStanding(t *testing.T) {
	spec := v1alpha1.RolloutPolicySpec{Existing: v1alpha1.Deny, Exemptions: []v1alpha1.Exemption{
		{Rules: []string{"bad"}, Names: []string{"web"}, Reason: "Known."},
	}}
	verdict := judgeChange(t, spec, change(), always("bad", v1alpha1.Deny), always("worse", v1alpha1.Deny))
	if diff := cmp.Diff([]string{"worse deny"}, told(verdict)); diff != "" {
		t.Errorf("findings (-want +got):\n%s", diff)
	}
}

func TestAnAnnotationLiftsWhatThePolicyLetsItLift(t *testing.T) {
	const lifted = "the annotation greenlight.dev/ignore.bad: Ticket 7."
	tests := map[string]struct {
		mode, ignorable v1alpha1.Mode
		annotation      string
		want            string
	}{
		"a warning":                              {v1alpha1.Warn, "", "Ticket 7.", lifted},
		"what is only audited":                   {v1alpha1.Audit, "", "Ticket 7.", lifted},
		"no denial, by default":                  {v1alpha1.Deny, "", "Ticket 7.", ""},
		"a denial, where the policy says so":     {v1alpha1.Deny, v1alpha1.Deny, "Ticket 7.", lifted},
		"spaces around the reason do not matter": {v1alpha1.Warn, "", " Ticket 7. ", lifted},
		"nothing without a reason":               {v1alpha1.Warn, "", " ", ""},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			request := change(annotated(map[string]string{"greenlight.dev/ignore.bad": test.annotation}))
			verdict := judgeChange(t, v1alpha1.RolloutPolicySpec{Ignorable: test.ignorable}, request, always("bad", test.mode))
			compareLifted(t, test.want, verdict)
		})
	}
}

func TestAnAnnotationThatLiftsNothingIsToldWhy(t *testing.T) {
	tests := map[string]struct{ annotation, want string }{
		"a denial, by default": {"Ticket 7.", "the annotation greenlight.dev/ignore.bad lifts nothing, because policy shop lets it lift warnings only"},
		"no reason":            {" ", "the annotation greenlight.dev/ignore.bad lifts nothing, because it gives no reason"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			request := change(annotated(map[string]string{"greenlight.dev/ignore.bad": test.annotation}))
			spec := v1alpha1.RolloutPolicySpec{Existing: v1alpha1.Deny}
			verdict := judgeChange(t, spec, request, always("bad", v1alpha1.Deny))
			if len(verdict.Findings) != 1 || verdict.Findings[0].Note != test.want {
				t.Errorf("got %+v, want the note %q", verdict.Findings, test.want)
			}
		})
	}
}

func TestAnExemptionByNameCoversANameThatIsStillToBeGenerated(t *testing.T) {
	request := change()
	request.Object.SetName("")
	request.Object.SetGenerateName("web-")
	spec := v1alpha1.RolloutPolicySpec{Exemptions: []v1alpha1.Exemption{{Rules: []string{"bad"}, Names: []string{"web-*"}, Reason: "Known."}}}
	compareLifted(t, "an exemption of policy shop: Known.", judgeChange(t, spec, request, always("bad", v1alpha1.Deny)))
}

func TestAnAnnotationOfAnotherRuleLiftsNothing(t *testing.T) {
	request := change(annotated(map[string]string{"greenlight.dev/ignore.worse": "Ticket 7."}))
	compareLifted(t, "", judgeChange(t, v1alpha1.RolloutPolicySpec{}, request, always("bad", v1alpha1.Warn)))
}

// compareLifted wants the only finding to be lifted by that, or to stand where nothing is wanted.
func compareLifted(t *testing.T, want string, verdict engine.Verdict) {
	t.Helper()
	got := ""
	if len(verdict.Lifted) > 0 {
		got = verdict.Lifted[0].By
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("lifted by (-want +got):\n%s", diff)
	}
	if len(verdict.Findings)+len(verdict.Lifted) != 1 {
		t.Errorf("%d findings stand, %d are lifted", len(verdict.Findings), len(verdict.Lifted))
	}
}
