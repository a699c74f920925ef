package main

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"greenlight.dev/greenlight/rules"
)

func TestTheRulesAreListedInEachFormat(t *testing.T) {
	for format, want := range map[string]string{
		"table":    "recreate-strategy                deny      deny    Recreate terminates every pod before it starts a new one\n",
		"markdown": "| [recreate-strategy](https://greenlight.dev/rules/recreate-strategy) | Recreate terminates every pod before it starts a new one | deny | deny |\n",
		"json": `    {
      "id": "recreate-strategy",
      "title": "Recreate terminates every pod before it starts a new one",
      "judges": [
        "Deployment"
      ],
      "baseline": "deny",
      "strict": "deny",
      "url": "https://greenlight.dev/rules/recreate-strategy"
    },
`,
	} {
		stdout, stderr, code := greenlight(t, nil, "rules", "-o", format)
		if code != 0 || !strings.Contains(stdout, want) {
			t.Errorf("%s: got exit code %d, %s\n%s\nwant\n%s", format, code, stderr, stdout, want)
		}
		for _, entry := range rules.All {
			if !strings.Contains(stdout, entry.ID) {
				t.Errorf("%s: %s is missing", format, entry.ID)
			}
		}
	}
}

func TestTheListOfRulesIsJSONOfAVersion(t *testing.T) {
	stdout, _, _ := greenlight(t, nil, "rules", "-o", "json")
	var list struct {
		APIVersion, Kind string
		Rules            []any
	}
	if err := json.Unmarshal([]byte(stdout), &list); err != nil {
		t.Fatal(err)
	}
	if list.APIVersion != "greenlight.dev/v1alpha1" || list.Kind != "RuleList" || len(list.Rules) != len(rules.All) {
		t.Errorf("got %s %s of %d rules, want %d", list.APIVersion, list.Kind, len(list.Rules), len(rules.All))
	}
}

func TestAnUnknownFormatOfRulesIsAnErrorOfUse(t *testing.T) {
	command := newRulesCommand()
	command.SilenceErrors, command.SilenceUsage = true, true
	command.SetArgs([]string{"-o", "xml"})
	err := command.Execute()
	if diff := cmp.Diff(`--output is "xml": want table, json or markdown`, err.Error()); diff != "" {
		t.Error(diff)
	}
	if code := exitCode(err); code != 2 {
		t.Errorf("got exit code %d, want 2", code)
	}
}
