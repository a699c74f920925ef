package engine_test

import (
	"os"
	"testing"

	"greenlight.dev/greenlight/api/v1alpha1"
	"greenlight.dev/greenlight/internal/engine"
	"greenlight.dev/greenlight/rules"
)

const header = "apiVersion: greenlight.dev/v1alpha1\nkind: RolloutPolicy\nmetadata: {name: shop}\n"

func TestAFileIsAPolicy(t *testing.T) {
	for name, text := range map[string]string{
		"as YAML":                     header + "spec: {profile: strict}\n",
		"as JSON":                     `{"apiVersion": "greenlight.dev/v1alpha1", "kind": "RolloutPolicy", "metadata": {"name": "shop"}, "spec": {"profile": "strict"}}`,
		"with a separator before it":  "---\n" + header + "spec: {profile: strict}\n",
		"with comments":               "# Ours.\n" + header + "spec: {profile: strict} # all of it\n",
		"with a rule that is changed": header + "spec: {profile: baseline, rules: [{name: always, mode: deny}]}\n",
	} {
		t.Run(name, func(t *testing.T) {
			policy, err := load(t, text)
			if err != nil {
				t.Fatal(err)
			}
			verdict := engine.New(policy).Judge(t.Context(), create())
			if verdict.Policy != "shop" || len(verdict.With(v1alpha1.Deny)) != 1 {
				t.Errorf("verdict %+v", verdict)
			}
		})
	}
}

func TestAFileThatIsNoPolicyIsAnErrorThatNamesIt(t *testing.T) {
	tests := map[string]struct{ text, want string }{
		"an empty file":      {"", `policy policy.yaml: want apiVersion greenlight.dev/v1alpha1 and kind RolloutPolicy, got "" and ""`},
		"another kind":       {"apiVersion: v1\nkind: ConfigMap\ndata: {a: b}\n", `policy policy.yaml: want apiVersion greenlight.dev/v1alpha1 and kind RolloutPolicy, got "v1" and "ConfigMap"`},
		"another version":    {"apiVersion: greenlight.dev/v1\nkind: RolloutPolicy\n", `policy policy.yaml: want apiVersion greenlight.dev/v1alpha1 and kind RolloutPolicy, got "greenlight.dev/v1" and "RolloutPolicy"`},
		"two documents":      {header + "---\n" + header, `policy policy.yaml: the file holds more than one document, and only one policy can govern`},
		"not YAML":           {"a: [\n", `policy policy.yaml: error converting YAML to JSON: yaml: line 1: did not find expected node content`},
		"an unknown key":     {header + "spec: {profil: strict}\n", `policy policy.yaml: error unmarshaling JSON: while decoding JSON: json: unknown field "profil"`},
		"a duplicate key":    {header + "kind: RolloutPolicy\n", "policy policy.yaml: error converting YAML to JSON: yaml: unmarshal errors:\n  line 4: key \"kind\" already set in map"},
		"an unknown rule":    {header + "spec: {rules: [{name: alway}]}\n", `policy policy.yaml: spec.rules[0].name: Invalid value: "alway": there is no rule "alway"; the nearest is "always" (all: always)`},
		"off, not in quotes": {header + "spec: {rules: [{name: always, mode: off}]}\n", `policy policy.yaml: spec.rules[0].mode: Invalid value: "false": YAML takes off without quotes for false: write "off"`},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := load(t, test.text)
			compareError(t, test.want, err)
		})
	}
}

func TestAFileThatIsNotThereIsAnError(t *testing.T) {
	t.Chdir(t.TempDir())
	_, err := engine.Load("policy.yaml", nil)
	compareError(t, "reading the policy: open policy.yaml: no such file or directory", err)
}

func load(t *testing.T, text string) (*engine.Policy, error) {
	t.Helper()
	t.Chdir(t.TempDir())
	if err := os.WriteFile("policy.yaml", []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return engine.Load("policy.yaml", []rules.Entry{rule("always", reports(rules.Finding{Message: "Found."}))})
}
