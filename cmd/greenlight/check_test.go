package main

import (
	"bytes"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"greenlight.dev/greenlight/internal/testfiles"
)

const (
	deployment = `apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  replicas: 3
  strategy: {type: Recreate}
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers: [{name: web, image: "web:1.0.0"}]
`
	service = "apiVersion: v1\nkind: Service\nmetadata: {name: web, namespace: shop}\nspec: {selector: {app: web}, ports: [{port: 80}]}\n"
	policy  = "apiVersion: greenlight.dev/v1alpha1\nkind: RolloutPolicy\nmetadata: {name: ours}\nspec: {rules: [{name: recreate-strategy, mode: warn}]}\n"
)

// greenlight runs the command line in a folder with files, and returns what it prints and its exit code.
func greenlight(t *testing.T, files map[string]string, args ...string) (stdout, stderr string, code int) {
	t.Helper()
	testfiles.Write(t, files)
	var out, complaints bytes.Buffer
	command := newCommand()
	command.SetArgs(args)
	command.SetOut(&out)
	command.SetErr(&complaints)
	command.SetIn(strings.NewReader(files["stdin"]))
	code = exitCode(command.ExecuteContext(t.Context()))
	return out.String(), complaints.String(), code
}

func TestTheExitCodeSaysWhatWasFound(t *testing.T) {
	denied := map[string]string{"web.yaml": deployment + "---\n" + service}
	with := func(name, content string) map[string]string {
		return map[string]string{"web.yaml": denied["web.yaml"], name: content}
	}
	tests := map[string]struct {
		files map[string]string
		args  []string
		want  int
	}{
		"a denial":                              {denied, []string{"check", "."}, 1},
		"only a Service":                        {map[string]string{"web.yaml": service}, []string{"check", "."}, 0},
		"warnings":                              {with(".greenlight.yaml", policy), []string{"check", "."}, 0},
		"warnings that fail":                    {with(".greenlight.yaml", policy), []string{"check", "--fail-on", "warn", "."}, 1},
		"warnings by a policy that is named":    {with("ours.txt", policy), []string{"check", "--policy", "ours.txt", "."}, 0},
		"a profile instead of the policy found": {with(".greenlight.yaml", policy), []string{"check", "--profile", "strict", "."}, 1},
		"a denial and a file that is no YAML":   {with("broken.yaml", "{"), []string{"check", "."}, 2},
		"standard input":                        {map[string]string{"stdin": denied["web.yaml"]}, []string{"check", "-"}, 1},
		"nothing":                               {nil, []string{"check", "."}, 2},
		"nothing, which is allowed":             {nil, []string{"check", "--allow-empty", "."}, 0},
		"no path":                               {denied, []string{"check"}, 2},
		"a path that is not there":              {denied, []string{"check", "missing.yaml"}, 2},
		"a policy that is not there":            {denied, []string{"check", "--policy", "missing.yaml", "."}, 2},
		"a policy and a profile":                {with("ours.txt", policy), []string{"check", "--policy", "ours.txt", "--profile", "strict", "."}, 2},
		"a profile that is none":                {denied, []string{"check", "--profile", "lax", "."}, 2},
		"a format that is none":                 {denied, []string{"check", "-o", "xml", "."}, 2},
		"two formats on standard output":        {denied, []string{"check", "-o", "text", "-o", "json", "."}, 2},
		"a mode that is none":                   {denied, []string{"check", "--fail-on", "off", "."}, 2},
		"a color that is none":                  {denied, []string{"check", "--color", "red", "."}, 2},
		"a glob that is none":                   {denied, []string{"check", "--exclude", "[", "."}, 2},
		"a flag that is none":                   {denied, []string{"check", "--colour", "."}, 2},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			stdout, stderr, got := greenlight(t, test.files, test.args...)
			if got != test.want {
				t.Errorf("exit code %d, want %d; it printed\n%s%s", got, test.want, stdout, stderr)
			}
		})
	}
}

func TestFindingsGoToStandardOutputAndErrorsToStandardError(t *testing.T) {
	files := map[string]string{"web.yaml": deployment, "service.yaml": service, "broken.yaml": "a: b: c\n"}
	stdout, stderr, _ := greenlight(t, files, "check", "--policy", "", ".")
	wantOut := `web.yaml:6:14 deny recreate-strategy Deployment/shop/web: Recreate ends all 3 pods before a new one starts: every rollout leaves Service web without endpoints.
    fix: Set type: RollingUpdate with maxUnavailable: 0 and maxSurge: 1.
web.yaml:11:20 warn missing-prestop Deployment/shop/web: container "web" serves Service web without a preStop hook: requests that arrive while it stops are refused.
    fix: Add lifecycle.preStop.sleep with seconds: 5.
web.yaml:11:20 warn missing-readiness-probe Deployment/shop/web: container "web" serves Service web without a readiness probe: it gets requests as soon as its process runs.
    fix: Add a readinessProbe that succeeds once the container can serve.
3 files, 2 objects: 1 deny, 2 warn, 0 audit, 0 exempted; 4 not evaluated, 0 not applicable, 1 error
`
	if diff := cmp.Diff(wantOut, stdout); diff != "" {
		t.Errorf("standard output (-want +got)\n%s", diff)
	}
	if diff := cmp.Diff("broken.yaml:1:1: mapping values are not allowed in this context\n", stderr); diff != "" {
		t.Errorf("standard error (-want +got)\n%s", diff)
	}
}

func TestEachFormatGoesToItsFile(t *testing.T) {
	files := map[string]string{"web.yaml": deployment, "service.yaml": service}
	stdout, _, _ := greenlight(t, files, "check", "-o", "json=found.json", "-o", "text=found.txt", "--color", "always", ".")
	if stdout != "" {
		t.Errorf("standard output: %s", stdout)
	}
	for file, want := range map[string]string{"found.json": `"kind": "CheckResult"`, "found.txt": "web.yaml:6:14 deny"} {
		written, err := os.ReadFile(file)
		if err != nil || !strings.Contains(string(written), want) {
			t.Errorf("%s: %v\n%s", file, err, written)
		}
	}
}

func TestColorsAreForTerminalsUnlessAskedFor(t *testing.T) {
	files := map[string]string{"web.yaml": deployment, "service.yaml": service}
	for when, want := range map[string]bool{"auto": false, "never": false, "always": true} {
		stdout, _, _ := greenlight(t, files, "check", "--color", when, ".")
		if got := strings.Contains(stdout, "\x1b["); got != want {
			t.Errorf("--color %s: colored is %t", when, got)
		}
	}
}
