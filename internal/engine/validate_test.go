package engine_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"greenlight.dev/greenlight/api/v1alpha1"
	"greenlight.dev/greenlight/internal/engine"
	"greenlight.dev/greenlight/rules"
)

func TestEveryFaultOfAPolicyIsToldAtItsField(t *testing.T) {
	exempting := func(change func(*v1alpha1.Exemption)) v1alpha1.RolloutPolicySpec {
		exemption := v1alpha1.Exemption{Rules: []string{"always"}, Names: []string{"web"}, Reason: "Known."}
		change(&exemption)
		return v1alpha1.RolloutPolicySpec{Exemptions: []v1alpha1.Exemption{exemption}}
	}
	tests := map[string]struct {
		spec v1alpha1.RolloutPolicySpec
		want []string
	}{
		"an exemption of an unknown rule": {
			exempting(func(e *v1alpha1.Exemption) { e.Rules = []string{"always", "alway"} }),
			[]string{`spec.exemptions[0].rules[1]: Invalid value: "alway": there is no rule "alway"; the nearest is "always" (all: always)`},
		},
		"an exemption of no rule": {
			exempting(func(e *v1alpha1.Exemption) { e.Rules = nil }),
			[]string{`spec.exemptions[0].rules: Required value: name the rules to lift`},
		},
		"an exemption without a reason": {
			exempting(func(e *v1alpha1.Exemption) { e.Reason = " " }),
			[]string{`spec.exemptions[0].reason: Required value: say why, for whoever comes across the exemption later`},
		},
		"an exemption of everything": {
			exempting(func(e *v1alpha1.Exemption) { e.Names = nil }),
			[]string{`spec.exemptions[0]: Required value: name kinds, namespaces or names: to lift a rule for everything, set its mode`},
		},
		"an exemption by what is no glob": {
			exempting(func(e *v1alpha1.Exemption) {
				e.Names, e.Namespaces, e.Kinds = []string{"web["}, []string{""}, []string{`\`}
			}),
			[]string{
				`spec.exemptions[0].kinds[0]: Invalid value: "\\": must be a name, in which * stands for any characters and ? for one`,
				`spec.exemptions[0].namespaces[0]: Invalid value: "": must be a name, in which * stands for any characters and ? for one`,
				`spec.exemptions[0].names[0]: Invalid value: "web[": must be a name, in which * stands for any characters and ? for one`,
			},
		},
		"modes that mean nothing there": {
			v1alpha1.RolloutPolicySpec{Existing: v1alpha1.Audit, Ignorable: v1alpha1.Off},
			[]string{
				`spec.existing: Unsupported value: "audit": supported values: "warn", "deny"`,
				`spec.ignorable: Unsupported value: "off": supported values: "warn", "deny"`,
			},
		},
		"selectors that are not valid": {
			v1alpha1.RolloutPolicySpec{NamespaceSelector: like("stage"), ObjectSelector: like("kind")},
			[]string{
				`spec.namespaceSelector.matchExpressions[0].operator: Invalid value: "Like": not a valid selector operator`,
				`spec.objectSelector.matchExpressions[0].operator: Invalid value: "Like": not a valid selector operator`,
			},
		},
		"numbers of traffic that contradict each other": {
			v1alpha1.RolloutPolicySpec{Traffic: v1alpha1.Traffic{
				Capacity:            v1alpha1.Capacity{DenyBelowPercent: new(int32(101)), WarnBelowPercent: new(int32(100))},
				KeepPreviousSeconds: new(int32(-1)),
			}},
			[]string{
				`spec.traffic.keepPreviousSeconds: Invalid value: -1: must not be negative`,
				`spec.traffic.capacity.denyBelowPercent: Invalid value: 101: must be at most 100`,
				`spec.traffic.capacity.warnBelowPercent: Invalid value: 100: must not be less than denyBelowPercent`,
			},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := engine.NewPolicy(&v1alpha1.RolloutPolicy{Spec: test.spec}, []rules.Entry{always("always", v1alpha1.Warn)})
			if err == nil {
				t.Fatal("it is accepted")
			}
			if diff := cmp.Diff(test.want, engine.Faults(err)); diff != "" {
				t.Errorf("faults (-want +got):\n%s", diff)
			}
		})
	}
}

func like(key string) *metav1.LabelSelector {
	return &metav1.LabelSelector{MatchExpressions: []metav1.LabelSelectorRequirement{{Key: key, Operator: "Like"}}}
}
