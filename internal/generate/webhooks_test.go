package main

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"greenlight.dev/greenlight/rules"
	"greenlight.dev/greenlight/state"
)

func TestAWebhookRegistersWhatRulesJudge(t *testing.T) {
	cases := map[string]struct {
		kind       schema.GroupVersionKind
		operations []rules.Operation
		want       []string
	}{
		"both operations of Deployments":        {state.Deployment, []rules.Operation{rules.Create, rules.Update}, []string{"CREATE", "UPDATE"}},
		"no more than it may":                   {state.Service, []rules.Operation{rules.Update}, []string{"UPDATE"}},
		"nothing of a kind that no rule judges": {state.Pod, []rules.Operation{rules.Create, rules.Update}, nil},
	}
	for name, test := range cases {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(test.want, judged(test.kind, test.operations...)); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

func TestAKindThatNoRuleJudgesHasNoWebhook(t *testing.T) {
	kept := judging(webhook{Name: "pods", Rules: of(state.Pod, nil)}, webhook{Name: "services", Rules: of(state.Service, []string{"UPDATE"})})
	if len(kept) != 1 || kept[0].Name != "services" {
		t.Errorf("kept %v", kept)
	}
}
