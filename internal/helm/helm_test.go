package helm_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"greenlight.dev/greenlight/internal/helm"
	"greenlight.dev/greenlight/internal/manifest"
	"greenlight.dev/greenlight/internal/testfiles"
)

const deployment = `{{- $name := .Release.Name }}
{{- if .Values.enabled }}
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ $name }}
  namespace: {{ .Release.Namespace }}
  labels:
    {{- range $key, $value := .Values.labels }}
    {{ $key }}: {{ $value }}
    {{- end }}
spec:
  replicas: {{ .Values.replicas }}
  minReadySeconds: {{ .Values.replicas }}
  strategy:
    type: Recreate
  template:
    spec:
      containers:
        {{- range .Values.containers }}
        - name: {{ . }}
          image: web:1.0.0
        {{- end }}
{{- end }}
`

// chart is a chart with another one in it.
var chart = map[string]string{
	"web/Chart.yaml":                        "apiVersion: v2\nname: shop-web\nversion: 1.0.0\ndependencies: [{name: api, version: 1.0.0}]\n",
	"web/values.yaml":                       "enabled: true\nreplicas: 1\nlabels: {app: web, tier: front}\ncontainers: [web, proxy]\n",
	"web/templates/deployment.yaml":         deployment,
	"web/templates/NOTES.txt":               "Well done.\n",
	"web/templates/_helpers.tpl":            "{{ define \"x\" }}{{ end }}",
	"web/charts/api/Chart.yaml":             "apiVersion: v2\nname: api\nversion: 1.0.0\n",
	"web/charts/api/templates/service.yaml": "apiVersion: v1\nkind: Service\nmetadata: {name: api}\n",
}

// with is the chart with one file changed.
func with(name, content string) map[string]string {
	files := map[string]string{name: content}
	for other, content := range chart {
		if other != name {
			files[other] = content
		}
	}
	return files
}

func render(t *testing.T, files map[string]string, values map[string]any) ([]manifest.Document, map[string][]byte, error) {
	t.Helper()
	testfiles.Write(t, files)
	return helm.Render("web", "shop", values)
}

func rendered(t *testing.T, files map[string]string, values map[string]any) []manifest.Document {
	t.Helper()
	documents, _, err := render(t, files, values)
	if err != nil {
		t.Fatal(err)
	}
	return documents
}

func TestAFieldIsPlacedInItsTemplate(t *testing.T) {
	documents := rendered(t, chart, nil)
	if len(documents) != 2 {
		t.Fatalf("%d documents", len(documents))
	}
	place := func(file string, line, column int) manifest.Place {
		return manifest.Place{File: file, Position: manifest.Position{Line: line, Column: column}}
	}
	const template = "web/templates/deployment.yaml"
	tests := map[string]struct {
		document manifest.Document
		path     string
		want     manifest.Place
	}{
		"in a chart of the chart":       {documents[0], "metadata.name", place("web/charts/api/templates/service.yaml", 3, 12)},
		"on a line of the same text":    {documents[1], "spec.strategy.type", place(template, 16, 5)},
		"on a line of the same key":     {documents[1], "spec.replicas", place(template, 13, 3)},
		"on a line with a name":         {documents[1], "metadata.name", place(template, 6, 3)},
		"in a range":                    {documents[1], "spec.template.spec.containers[1].image", place(template, 22, 11)},
		"in a range, at the item":       {documents[1], "spec.template.spec.containers[1]", place(template, 21, 11)},
		"on a line that a value writes": {documents[1], "metadata.labels[app]", place(template, 1, 1)},
		"that is absent":                {documents[1], "spec.selector", place(template, 12, 1)},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(test.want, test.document.Place(test.path)); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

func TestValuesFilesAreAddedUp(t *testing.T) {
	testfiles.Write(t, map[string]string{"a.yaml": "replicas: 2\nlabels: {app: api}\n", "b.yaml": "labels: {tier: back}\nreplicas: 3\n"})
	got, err := helm.Values([]string{"a.yaml", "b.yaml"})
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]any{"replicas": 3.0, "labels": map[string]any{"app": "api", "tier": "back"}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if _, err := helm.Values([]string{"missing.yaml"}); err == nil {
		t.Error("missing.yaml was read")
	}
}

func TestValuesDecideWhatIsRendered(t *testing.T) {
	if got := len(rendered(t, chart, map[string]any{"enabled": false})); got != 1 {
		t.Errorf("%d documents, want the Service of the inner chart alone", got)
	}
}

func TestWhatIsWrongInAChartIsToldAtItsPlace(t *testing.T) {
	const template = "web/templates/deployment.yaml"
	tests := map[string]struct {
		files map[string]string
		want  string
	}{
		"a template that cannot be parsed": {
			with(template, "kind: Deployment\n{{ if }}\n"),
			"web/templates/deployment.yaml:2:1: helm: parse error at (shop-web/templates/deployment.yaml:2): missing value for if",
		},
		"a template that fails": {
			with(template, "kind: {{ required \"say which kind\" .Values.kind }}\n"),
			`web/templates/deployment.yaml:1:9: helm: execution error at (shop-web/templates/deployment.yaml:1:9): say which kind`,
		},
		"a template that renders no YAML": {
			with(template, "# A Deployment.\nkind: Deployment\nmetadata: a: {{ .Values.replicas }}\n"),
			"web/templates/deployment.yaml:3:1: mapping values are not allowed in this context",
		},
		"a chart that is not vendored": {
			with("web/Chart.yaml", "apiVersion: v2\nname: shop-web\nversion: 1.0.0\ndependencies: [{name: db, version: 1.0.0}]\n"),
			"web/Chart.yaml:1:1: helm: the chart db is not in charts/, and nothing is fetched: run helm dependency build",
		},
		"a chart without a name": {
			with("web/Chart.yaml", "apiVersion: v2\nversion: 1.0.0\n"),
			"web/Chart.yaml:1:1: helm: validation: chart.metadata.name is required",
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			_, _, err := render(t, test.files, nil)
			if err == nil {
				t.Fatal("it was rendered")
			}
			if diff := cmp.Diff(test.want, err.Error()); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}
