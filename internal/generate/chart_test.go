package main

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"helm.sh/helm/v3/pkg/chart/loader"
	"helm.sh/helm/v3/pkg/chartutil"
	"helm.sh/helm/v3/pkg/engine"
	"sigs.k8s.io/yaml"
)

// charted is the folder of the chart.
var charted = filepath.Join("..", "..", "charts", "greenlight")

func TestTheChartInstallsWhatConfigDefaultDoes(t *testing.T) {
	built, err := build(filepath.Join("..", "..", "config", "default"))
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]any{}
	for _, object := range built.Resources() {
		fields, err := object.Map()
		if err != nil {
			t.Fatal(err)
		}
		want[object.GetKind()+" "+object.GetName()] = fields
	}
	delete(want, "Namespace "+ownNamespace)
	if diff := cmp.Diff(parsed(t, want), rendered(t, ownNamespace, nil)); diff != "" {
		t.Errorf("-config +chart:\n%s", diff)
	}
}

func TestTheChartIsInstalledInAnyNamespace(t *testing.T) {
	for name, object := range rendered(t, "elsewhere", nil) {
		if text, err := yaml.Marshal(object); err != nil || !strings.HasPrefix(name, "CustomResourceDefinition") && strings.Contains(string(text), ownNamespace) {
			t.Errorf("%s is tied to %s: %v\n%s", name, ownNamespace, err, text)
		}
	}
}

func TestEveryValueOfTheChartIsUsed(t *testing.T) {
	values := map[string]any{
		"image": "registry.example/other:1", "replicas": 5,
		"cpu":    map[string]any{"request": "2"},
		"memory": map[string]any{"request": "600Mi", "limit": "800Mi"},
		"scanner": map[string]any{
			"reports": "policyreport",
			"cpu":     map[string]any{"request": "3"},
			"memory":  map[string]any{"request": "300Mi", "limit": "400Mi"},
		},
	}
	objects := rendered(t, ownNamespace, values)
	for deployment, lines := range map[string][]string{
		webhookName: {"image: registry.example/other:1\n", "replicas: 5\n", "cpu: 2\n", "memory: 600Mi\n", "memory: 800Mi\n"},
		scannerName: {"image: registry.example/other:1\n", "- --reports=policyreport\n", "cpu: 3\n", "memory: 300Mi\n", "memory: 400Mi\n"},
	} {
		text, err := yaml.Marshal(objects["Deployment "+deployment])
		if err != nil {
			t.Fatal(err)
		}
		for _, line := range lines {
			if !strings.Contains(string(text), line) {
				t.Errorf("%q is not in Deployment %s:\n%s", line, deployment, text)
			}
		}
	}
}

// rendered returns the objects of the chart by kind and name.
func rendered(t *testing.T, namespace string, values map[string]any) map[string]any {
	t.Helper()
	chart, err := loader.LoadDir(charted)
	if err != nil {
		t.Fatal(err)
	}
	all, err := chartutil.ToRenderValues(chart, values, chartutil.ReleaseOptions{Name: "greenlight", Namespace: namespace}, nil)
	if err != nil {
		t.Fatal(err)
	}
	files, err := engine.Render(chart, all)
	if err != nil {
		t.Fatal(err)
	}
	objects := map[string]any{}
	for name, text := range files {
		var object struct {
			Kind     string
			Metadata struct{ Name string }
		}
		var fields map[string]any
		if err := yaml.Unmarshal([]byte(text), &object); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if err := yaml.Unmarshal([]byte(text), &fields); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		objects[object.Kind+" "+object.Metadata.Name] = fields
	}
	return objects
}

// parsed gives numbers the types that reading YAML gives them.
func parsed(t *testing.T, objects map[string]any) map[string]any {
	t.Helper()
	text, err := yaml.Marshal(objects)
	if err != nil {
		t.Fatal(err)
	}
	var read map[string]any
	if err := yaml.Unmarshal(text, &read); err != nil {
		t.Fatal(err)
	}
	return read
}
