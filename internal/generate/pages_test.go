package main

import (
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"sigs.k8s.io/yaml"

	"greenlight.dev/greenlight/api/v1alpha1"
	"greenlight.dev/greenlight/internal/engine"
	"greenlight.dev/greenlight/rules"
)

var indented = regexp.MustCompile(`(?m)(^    .*\n)+`)

func TestTheExemptionOnAPageCanBePasted(t *testing.T) {
	for _, entry := range rules.All {
		t.Run(entry.ID, func(t *testing.T) {
			pasted := strings.ReplaceAll("\n"+indented.FindString(exempting(entry)), "\n    ", "\n")
			var policy v1alpha1.RolloutPolicy
			if err := yaml.UnmarshalStrict([]byte(pasted), &policy); err != nil {
				t.Fatal(err)
			}
			if _, err := engine.NewPolicy(&policy, rules.All); err != nil {
				t.Error(err)
			}
			if got := policy.Spec.Exemptions; len(got) != 1 || got[0].Rules[0] != entry.ID {
				t.Errorf("got %v", got)
			}
		})
	}
}

type sampleParams struct {
	Pattern string   `json:"pattern"`
	Percent int32    `json:"percent"`
	Hosts   []string `json:"hosts,omitempty"`
}

func TestParametersAreDocumentedByTheirComments(t *testing.T) {
	docs := fieldDocs{
		"sampleParams.Pattern": `Pattern is what \d+ tags match, or | none.`,
		"sampleParams.Percent": "Percent is a share.",
		"sampleParams.Hosts":   "Hosts are names.",
	}
	entry := rules.Entry{Rule: &rules.Rule{ID: "sample", Params: func() any { return &sampleParams{Percent: 50} }}}
	params, err := parametersOf(entry, docs)
	if err != nil {
		t.Fatal(err)
	}
	want := `
## Parameters

| name | type | default | what it says |
| --- | --- | --- | --- |
| pattern | string | none | pattern is what \\d+ tags match, or \| none. |
| percent | integer | 50 | percent is a share. |
| hosts | list of strings | none | hosts are names. |
`
	if diff := cmp.Diff(want, parameterTable(params)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestAParameterWithoutACommentIsAnError(t *testing.T) {
	entry := rules.Entry{Rule: &rules.Rule{ID: "sample", Params: func() any { return &sampleParams{} }}}
	if _, err := parametersOf(entry, fieldDocs{}); err == nil || !strings.Contains(err.Error(), "rule sample: field Pattern") {
		t.Errorf("got %v", err)
	}
}

func TestTheCommentsOfTheRulesAreFound(t *testing.T) {
	docs, err := readFieldDocs("../../rules")
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range rules.All {
		if _, err := parametersOf(entry, docs); err != nil {
			t.Error(err)
		}
	}
}
