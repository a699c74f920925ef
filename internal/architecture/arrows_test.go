// Package architecture holds the test of which package may import which.
package architecture

import (
	"os/exec"
	"slices"
	"strings"
	"testing"
)

const module = "greenlight.dev/greenlight/"

// allowed are the packages of this module that each may depend on, directly or not. It reads from the
// bottom up; docs/architecture.md draws it.
var allowed = map[string][]string{
	"api/v1alpha1":       {},
	"state":              {},
	"traffic":            {"state"},
	"rules":              {"api/v1alpha1", "state", "traffic"},
	"mutate":             {"api/v1alpha1", "state", "traffic"},
	"internal/engine":    {"api/v1alpha1", "state", "traffic", "rules"},
	"internal/cluster":   {"api/v1alpha1", "state", "traffic", "rules", "mutate"},
	"internal/policies":  {"api/v1alpha1", "state", "traffic", "rules", "internal/engine"},
	"internal/intents":   {"api/v1alpha1", "state", "traffic", "rules"},
	"internal/manifest":  {"state"},
	"internal/helm":      {"state", "internal/manifest"},
	"internal/kustomize": {"state", "internal/manifest"},
	"internal/check": {"api/v1alpha1", "state", "traffic", "rules", "mutate", "internal/engine", "internal/cluster", "internal/manifest",
		"internal/helm", "internal/kustomize"},
	"internal/fix": {"api/v1alpha1", "state", "traffic", "rules", "mutate", "internal/engine", "internal/cluster", "internal/manifest",
		"internal/helm", "internal/kustomize", "internal/check", "internal/yamlpatch"},
	"internal/render": {"api/v1alpha1", "state", "traffic", "rules", "mutate", "internal/engine", "internal/cluster", "internal/manifest",
		"internal/helm", "internal/kustomize", "internal/check", "internal/version", "report"},
	"internal/selfsigned": {},
	"internal/switching":  {"api/v1alpha1", "state", "traffic", "rules", "internal/engine"},
	"internal/testfiles":  {},
	"internal/tracing":    {"state", "internal/version"},
	"internal/version":    {},
	"internal/yamlpatch":  {},
	"report":              {"api/v1alpha1", "state", "traffic", "rules", "mutate", "internal/engine", "internal/cluster"},
	"webhook":             {"api/v1alpha1", "state", "traffic", "rules", "mutate", "internal/engine", "internal/intents", "internal/tracing", "internal/version"},
}

// apart are programs and tests of development: nothing imports them.
var apart = []string{"internal/architecture", "internal/corpus", "internal/generate"}

// servers are what nothing below the drivers may depend on: clients, caches, HTTP servers.
var servers = []string{"net/http", "k8s.io/client-go/rest", "sigs.k8s.io/controller-runtime"}

func TestImportsPointDownward(t *testing.T) {
	for from, to := range allowed {
		for _, dependency := range dependencies(t, from) {
			path, ours := strings.CutPrefix(dependency, module)
			if ours && path != from && !slices.Contains(to, path) {
				t.Errorf("%s depends on %s: it may depend on %v", from, path, to)
			}
		}
	}
}

func TestRulesKnowNoClientAndNoServer(t *testing.T) {
	for _, from := range []string{"state", "traffic", "rules", "mutate", "internal/engine"} {
		for _, dependency := range directImports(t, from) {
			for _, server := range servers {
				if dependency == server || strings.HasPrefix(dependency, server+"/") {
					t.Errorf("%s imports %s", from, dependency)
				}
			}
		}
	}
}

// The linker keeps every exported method of a program that can execute a page's template: see TAGS in the Makefile.
func TestTheWebhookHasNoPages(t *testing.T) {
	if slices.Contains(list(t, "-tags", "grpcnotrace", "-deps", module+"cmd/greenlight-webhook"), "html/template") {
		t.Error("cmd/greenlight-webhook depends on html/template")
	}
}

func TestEveryPackageHasItsPlace(t *testing.T) {
	for _, path := range list(t, "-f", "{{.ImportPath}}", module+"...") {
		name := strings.TrimPrefix(path, module)
		_, known := allowed[name]
		if !known && !strings.HasPrefix(name, "cmd/") && !slices.Contains(apart, name) {
			t.Errorf("package %s is not in the table of who may import whom", name)
		}
	}
}

func dependencies(t *testing.T, path string) []string {
	t.Helper()
	return list(t, "-deps", module+path)
}

func directImports(t *testing.T, path string) []string {
	t.Helper()
	return list(t, "-f", `{{join .Imports "\n"}}`, module+path)
}

func list(t *testing.T, args ...string) []string {
	t.Helper()
	output, err := exec.Command("go", append([]string{"list"}, args...)...).Output()
	if err != nil {
		t.Fatalf("go list %v: %v", args, err)
	}
	return strings.Fields(string(output))
}
