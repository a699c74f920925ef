package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"sigs.k8s.io/yaml"
)

func readYAML(t *testing.T, path string, into any) {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := yaml.Unmarshal(data, into); err != nil {
		t.Fatal(err)
	}
}

func TestThePreCommitHookChecksTheFolder(t *testing.T) {
	var hooks []struct {
		Entry string
		Args  []string
	}
	readYAML(t, "../../.pre-commit-hooks.yaml", &hooks)
	args := slices.Concat(strings.Fields(hooks[0].Entry)[1:], hooks[0].Args)
	if stdout, stderr, code := greenlight(t, map[string]string{"web.yaml": deployment + "---\n" + service}, args...); code != 1 {
		t.Errorf("exit code %d\n%s%s", code, stdout, stderr)
	}
}

// TestTheActionPassesItsInputsOn runs the script of the action with a greenlight that tells its arguments.
func TestTheActionPassesItsInputsOn(t *testing.T) {
	var action struct {
		Runs struct {
			Steps []struct{ Name, Run string }
		}
	}
	readYAML(t, "../../action.yml", &action)
	folder := t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, "greenlight"), []byte("#!/bin/sh\nprintf '%s\\n' \"$@\"\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	tests := map[string]struct{ env, want []string }{
		"the defaults": {
			[]string{"PATHS=.", "FAIL_ON=deny", "COMPLETE=false", "POLICY=", "SARIF=", "HTML="},
			[]string{"check", "-o", "github", "--fail-on", "deny", "--complete=false", "--", "."},
		},
		"everything, with blanks and what the shell would run": {
			[]string{"PATHS=a b\n\n$(touch c)\n", "FAIL_ON=warn", "COMPLETE=true", "POLICY=p.yaml", "SARIF=s.sarif", "HTML=r.html"},
			[]string{"check", "-o", "github", "--fail-on", "warn", "--complete=true", "--policy", "p.yaml", "-o", "sarif=s.sarif", "-o", "html=r.html", "--", "a b", "$(touch c)"},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			steps := action.Runs.Steps
			command := exec.Command("bash", "-e", "-c", steps[len(steps)-1].Run)
			command.Env = slices.Concat(test.env, []string{"RUNNER_TEMP=" + folder, "PATH=" + os.Getenv("PATH")})
			output, err := command.CombinedOutput()
			if err != nil {
				t.Fatalf("%v\n%s", err, output)
			}
			if diff := cmp.Diff(test.want, strings.Split(strings.TrimSuffix(string(output), "\n"), "\n")); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}
