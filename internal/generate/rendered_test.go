package main

import (
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"helm.sh/helm/v3/pkg/chart/loader"
	"helm.sh/helm/v3/pkg/chartutil"
	"helm.sh/helm/v3/pkg/engine"
	"sigs.k8s.io/yaml"
)

// charted is the folder of the chart.
var charted = filepath.Join("..", "..", "charts", "greenlight")

// configured returns the objects of a kustomization by kind and name, as the chart should have them.
func configured(t *testing.T, folder string) map[string]any {
	t.Helper()
	built, err := build(folder)
	if err != nil {
		t.Fatal(err)
	}
	objects := map[string]any{}
	for _, object := range built.Resources() {
		fields, err := object.Map()
		if err != nil {
			t.Fatal(err)
		}
		switch object.GetKind() {
		case "Namespace", "RolloutPolicy":
			continue
		case "CustomResourceDefinition":
			fields["metadata"].(map[string]any)["annotations"].(map[string]any)["helm.sh/resource-policy"] = "keep"
		}
		objects[object.GetKind()+" "+object.GetName()] = fields
	}
	return parsed(t, objects)
}

// patchedFolder is a kustomization that patches both Deployments of config/default.
func patchedFolder(t *testing.T, patch string) string {
	t.Helper()
	folder := t.TempDir()
	defaults, err := filepath.Abs(filepath.Join("..", "..", "config", "default"))
	if err != nil {
		t.Fatal(err)
	}
	relative, err := filepath.Rel(folder, defaults)
	if err != nil {
		t.Fatal(err)
	}
	text := "resources: [" + relative + "]\npatches:\n  - target: {kind: Deployment}\n    patch: |" + patch
	if err := os.WriteFile(filepath.Join(folder, "kustomization.yaml"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return folder
}

// rendered returns the objects of the chart by kind and name.
func rendered(t *testing.T, namespace string, values map[string]any) map[string]any {
	t.Helper()
	files, err := render(t, namespace, values)
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
		if strings.HasSuffix(name, "NOTES.txt") || strings.TrimSpace(text) == "" {
			continue
		}
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

// render returns what the templates of the chart come to, by their paths. The image is that of config/, where values
// have none.
func render(t *testing.T, namespace string, values map[string]any) (map[string]string, error) {
	t.Helper()
	chart, err := loader.LoadDir(charted)
	if err != nil {
		t.Fatal(err)
	}
	values = maps.Clone(values)
	if _, ok := values["image"]; !ok {
		values = chartutil.CoalesceTables(map[string]any{"image": "registry.example/greenlight:devel"}, values)
	}
	all, err := chartutil.ToRenderValues(chart, values, chartutil.ReleaseOptions{Name: "greenlight", Namespace: namespace}, nil)
	if err != nil {
		return nil, err
	}
	return engine.Render(chart, all)
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
