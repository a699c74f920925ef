package engine_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"
	"sigs.k8s.io/yaml"

	"greenlight.dev/greenlight/internal/engine"
	"greenlight.dev/greenlight/rules"
)

// FuzzLoad loads any file as a policy. It is an error that names the file, or a policy that judges; and as
// JSON, which is how a cluster keeps it, it judges alike.
func FuzzLoad(f *testing.F) {
	addPolicies(f)
	folder := f.TempDir()
	f.Fuzz(func(t *testing.T, text []byte) {
		path := filepath.Join(folder, "policy.yaml")
		policy, err := loadText(t, path, text)
		if err != nil {
			if !strings.Contains(err.Error(), path) {
				t.Errorf("the error does not name the file: %v", err)
			}
			return
		}
		asJSON, err := yaml.YAMLToJSON(text)
		if err != nil {
			t.Fatal(err)
		}
		same, err := loadText(t, path, asJSON)
		if err != nil {
			t.Fatalf("as JSON: %v", err)
		}
		if diff := cmp.Diff(verdict(t, policy), verdict(t, same)); diff != "" {
			t.Errorf("as JSON it judges otherwise (-YAML +JSON):\n%s", diff)
		}
	})
}

// addPolicies makes seeds of the sample and of the policies of the rules' cases.
func addPolicies(f *testing.F) {
	f.Add([]byte(header + "spec: {profile: strict}\n"))
	f.Add([]byte(header + "spec: {rules: [{name: single-replica, mode: \"off\"}]}\n"))
	sample, err := os.ReadFile(filepath.Join("..", "..", "config", "samples", "rolloutpolicy.yaml"))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(sample)
	cases, err := filepath.Glob(filepath.Join("..", "..", "rules", "testdata", "*", "*.txtar"))
	if err != nil {
		f.Fatal(err)
	}
	for _, path := range cases {
		archive, err := txtar.ParseFile(path)
		if err != nil {
			f.Fatal(err)
		}
		for _, file := range archive.Files {
			if file.Name == "policy.yaml" {
				f.Add(file.Data)
			}
		}
	}
}

func loadText(t *testing.T, path string, text []byte) (*engine.Policy, error) {
	t.Helper()
	if err := os.WriteFile(path, text, 0o600); err != nil {
		t.Fatal(err)
	}
	return engine.Load(path, rules.All)
}

func verdict(t *testing.T, policy *engine.Policy) engine.Verdict {
	t.Helper()
	verdict := engine.New(policy).Judge(t.Context(), create())
	if len(verdict.Errors) > 0 {
		t.Errorf("a rule failed: %v", verdict.Errors)
	}
	return verdict
}
