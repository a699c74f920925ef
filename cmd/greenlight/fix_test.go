package main

import (
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const lacking = `apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  template:
    spec:
      containers: [{name: web, ports: [{containerPort: 80}]}] # ours
`

func TestTheExitCodeOfFixSaysWhetherAllIsWell(t *testing.T) {
	without := "apiVersion: greenlight.dev/v1alpha1\nkind: RolloutPolicy\nmetadata: {name: ours}\n" +
		"spec: {defaults: {readinessProbe: {inject: false}, preStop: {inject: false}}}\n"
	tests := map[string]struct {
		files map[string]string
		args  []string
		want  int
	}{
		"something is fixed":                  {map[string]string{"web.yaml": lacking}, []string{"fix", "."}, 0},
		"nothing is missing":                  {map[string]string{"web.yaml": service}, []string{"fix", "."}, 0},
		"something would be fixed":            {map[string]string{"web.yaml": lacking}, []string{"fix", "--diff", "."}, 1},
		"nothing would be fixed":              {map[string]string{"web.yaml": service}, []string{"fix", "--diff", "."}, 0},
		"a policy that is found":              {map[string]string{"web.yaml": lacking, ".greenlight.yaml": without}, []string{"fix", "--diff", "."}, 0},
		"a policy that is named":              {map[string]string{"web.yaml": lacking, "ours.txt": without}, []string{"fix", "--diff", "--policy", "ours.txt", "."}, 0},
		"a file that is excluded":             {map[string]string{"web.yaml": lacking}, []string{"fix", "--diff", "--exclude", "web*", "."}, 0},
		"a file that is no YAML":              {map[string]string{"web.yaml": lacking, "broken.yaml": "{"}, []string{"fix", "."}, 2},
		"a file that is no YAML, for a diff":  {map[string]string{"web.yaml": lacking, "broken.yaml": "{"}, []string{"fix", "--diff", "."}, 2},
		"a path that is not there":            {nil, []string{"fix", "missing.yaml"}, 2},
		"standard input, which is not a file": {map[string]string{"stdin": lacking}, []string{"fix", "-"}, 2},
		"no path":                             {nil, []string{"fix"}, 2},
		"a policy that is not there":          {map[string]string{"web.yaml": lacking}, []string{"fix", "--policy", "missing.yaml", "."}, 2},
		"a glob that is none":                 {map[string]string{"web.yaml": lacking}, []string{"fix", "--exclude", "[", "."}, 2},
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

func TestFixTellsWhatItWrote(t *testing.T) {
	stdout, stderr, _ := greenlight(t, map[string]string{"web.yaml": lacking, "broken.yaml": "a: b: c\n"}, "fix", ".")
	want := `web.yaml:7:62 Deployment/shop/web: added readinessProbe: {tcpSocket: {port: 80}, periodSeconds: 5, timeoutSeconds: 2, failureThreshold: 3} to container "web"
web.yaml:7:161 Deployment/shop/web: added lifecycle: {preStop: {sleep: {seconds: 5}}} to container "web"
web.yaml:8:7 Deployment/shop/web: added terminationGracePeriodSeconds: 35 to spec.template.spec
`
	if diff := cmp.Diff(want, stdout); diff != "" {
		t.Errorf("standard output (-want +got)\n%s", diff)
	}
	if diff := cmp.Diff("broken.yaml:1:1: mapping values are not allowed in this context\n", stderr); diff != "" {
		t.Errorf("standard error (-want +got)\n%s", diff)
	}
	if content := read(t, "web.yaml"); !strings.HasSuffix(content, "}] # ours\n      terminationGracePeriodSeconds: 35\n") {
		t.Errorf("got\n%s", content)
	}
}

func TestADiffChangesNothing(t *testing.T) {
	stdout, _, _ := greenlight(t, map[string]string{"web.yaml": lacking}, "fix", "--diff", ".")
	if !strings.HasPrefix(stdout, "--- a/web.yaml\n+++ b/web.yaml\n") {
		t.Errorf("got\n%s", stdout)
	}
	if diff := cmp.Diff(lacking, read(t, "web.yaml")); diff != "" {
		t.Errorf("web.yaml (-want +got)\n%s", diff)
	}
}

func read(t *testing.T, name string) string {
	t.Helper()
	content, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}
