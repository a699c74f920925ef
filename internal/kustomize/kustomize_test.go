package kustomize_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"greenlight.dev/greenlight/internal/kustomize"
	"greenlight.dev/greenlight/internal/manifest"
	"greenlight.dev/greenlight/internal/testfiles"
)

const (
	web = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  replicas: 1
  template:
    spec:
      containers:
        - name: web
          image: web:1.0.0
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web-admin
spec:
  replicas: 1
`
	patch = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  replicas: 3
  template:
    spec:
      containers:
        - name: web
          imagePullPolicy: Always
`
)

// overlay is a base and what is built on it.
var overlay = map[string]string{
	"base/kustomization.yaml":          "resources: [web.yaml]\n",
	"base/web.yaml":                    web,
	"overlays/prod/kustomization.yaml": "namePrefix: prod-\nresources:\n  - ../../base\npatches:\n  - path: patch.yaml\nconfigMapGenerator:\n  - {name: web, literals: [a=b]}\n",
	"overlays/prod/patch.yaml":         patch,
}

func TestAFieldIsPlacedInTheFileThatWritesItLast(t *testing.T) {
	testfiles.Write(t, overlay)
	documents, _, err := kustomize.Build("overlays/prod")
	if err != nil {
		t.Fatal(err)
	}
	find := func(kind string) manifest.Document {
		return documents[slices.IndexFunc(documents, func(d manifest.Document) bool { return d.Kind().Kind == kind })]
	}
	tests := map[string]struct {
		kind, path, file string
		line             int
	}{
		"in a patch":                {"Deployment", "spec.replicas", "overlays/prod/patch.yaml", 6},
		"in a list item of a patch": {"Deployment", `spec.template.spec.containers[name="web"].imagePullPolicy`, "overlays/prod/patch.yaml", 11},
		"in the base":               {"Deployment", `spec.template.spec.containers[name="web"].image`, "base/web.yaml", 11},
		"that is absent":            {"Deployment", "spec.strategy", "base/web.yaml", 5},
		"of an object that is made": {"ConfigMap", "data", "overlays/prod/kustomization.yaml", 1},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			document := find(test.kind)
			place := document.Place(test.path)
			if place.File != test.file || place.Line != test.line {
				t.Errorf("at %s:%d, want %s:%d", place.File, place.Line, test.file, test.line)
			}
		})
	}
}

func TestAnObjectIsTracedByTheLongestName(t *testing.T) {
	testfiles.Write(t, overlay)
	documents, _, err := kustomize.Build("overlays/prod")
	if err != nil {
		t.Fatal(err)
	}
	index := slices.IndexFunc(documents, func(d manifest.Document) bool { return d.Name() == "prod-web-admin" })
	if line := documents[index].Position("spec.replicas").Line; line != 18 {
		t.Errorf("spec.replicas of web-admin is at line %d", line)
	}
}

func TestNothingIsFetched(t *testing.T) {
	const kustomization = "a/kustomization.yaml"
	tests := map[string]struct {
		files map[string]string
		want  string
	}{
		"a repository": {
			map[string]string{kustomization: "resources:\n  - https://git.example/base\n"},
			"a/kustomization.yaml:2:5: https://git.example/base is not here, and nothing is fetched: vendor it",
		},
		"the short name of one": {
			map[string]string{kustomization: "resources: [web.yaml]\ncomponents: [github.com/base]\n", "a/web.yaml": web},
			"a/kustomization.yaml:2:14: github.com/base is not here, and nothing is fetched: vendor it",
		},
		"a repository of a base": {
			map[string]string{kustomization: "resources: [../b]\n", "b/kustomization.yml": "resources: [ssh://git@git.example/base]\n"},
			"b/kustomization.yml:1:13: ssh://git@git.example/base is not here, and nothing is fetched: vendor it",
		},
		"a file that is missing": {
			map[string]string{kustomization: "resources: [web.yaml]\n"},
			"a/kustomization.yaml:1:13: web.yaml is not here, and nothing is fetched: vendor it",
		},
		"a file for a ConfigMap": {
			map[string]string{kustomization: "configMapGenerator: [{name: web, files: [\"a=http://files.example/a\"]}]\n"},
			`a/kustomization.yaml:1:1: kustomize: loading KV pairs: file sources: [a=http://files.example/a]: Get "http://files.example/a": http://files.example/a is remote, and nothing is fetched: vendor it`,
		},
		"a chart": {
			map[string]string{kustomization: "helmCharts: [{name: web, repo: https://charts.example}]\n"},
			"a/kustomization.yaml:1:1: kustomize: trouble configuring builtin HelmChartInflationGenerator with config: ` name: web repo: https://charts.example `: must specify --enable-helm",
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			testfiles.Write(t, test.files)
			_, _, err := kustomize.Build("a")
			if err == nil {
				t.Fatal("it was built")
			}
			if diff := cmp.Diff(test.want, err.Error()); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

func TestWhatIsWrongInAKustomizationIsTold(t *testing.T) {
	testfiles.Write(t, map[string]string{"a/kustomization.yaml": "resource: [web.yaml]\n"})
	_, _, err := kustomize.Build("a")
	want := `a/kustomization.yaml:1:1: kustomize: invalid Kustomization: json: unknown field "resource"`
	if err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}
