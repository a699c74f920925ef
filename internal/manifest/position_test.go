package manifest_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"greenlight.dev/greenlight/internal/manifest"
)

const deployment = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  annotations:
    greenlight.dev/x: "1"
    plain: "2"
spec:
  replicas: 2
  template:
    spec:
      containers:
        - image: web:1
          name: web
          ports: [{name: http, containerPort: 8080}]
        - name: proxy
          image: proxy:1
`

func TestAFieldIsFoundWhereItIsWritten(t *testing.T) {
	tests := map[string]manifest.Position{
		"":                                       {Line: 1, Column: 1},
		"kind":                                   {Line: 2, Column: 1},
		"spec":                                   {Line: 8, Column: 1},
		"spec.replicas":                          {Line: 9, Column: 3},
		"spec.template.spec.containers":          {Line: 12, Column: 7},
		"spec.template.spec.containers[0]":       {Line: 13, Column: 11},
		"spec.template.spec.containers[1].image": {Line: 17, Column: 11},
		`spec.template.spec.containers[name="web"].image`:                            {Line: 13, Column: 11},
		`spec.template.spec.containers[name="proxy"]`:                                {Line: 16, Column: 11},
		`spec.template.spec.containers[name="proxy"].image`:                          {Line: 17, Column: 11},
		`spec.template.spec.containers[name="web"].ports[name="http"].containerPort`: {Line: 15, Column: 32},
		`spec.template.spec.containers[name="web"].ports[containerPort="8080"].name`: {Line: 15, Column: 20},
		"metadata.annotations[greenlight.dev/x]":                                     {Line: 6, Column: 5},
		"metadata.annotations[plain]":                                                {Line: 7, Column: 5},
		"metadata.annotations.plain":                                                 {Line: 7, Column: 5},
	}
	document := split(t, deployment)[0]
	for path, want := range tests {
		t.Run(path, func(t *testing.T) {
			if diff := cmp.Diff(want, document.Position(path)); diff != "" {
				t.Errorf("position (-want +got):\n%s", diff)
			}
			document.Forget()
			if diff := cmp.Diff(want, document.Position(path)); diff != "" {
				t.Errorf("position in a forgotten document (-want +got):\n%s", diff)
			}
		})
	}
}

func TestAnAbsentFieldIsFoundAtItsNearestWrittenAncestor(t *testing.T) {
	tests := map[string]int{
		"spec.strategy.rollingUpdate.maxSurge":                          8,
		"spec.replicas.more":                                            9,
		"spec.template.spec.containers[2].image":                        12,
		`spec.template.spec.containers[name="other"].image`:             12,
		`spec.template.spec.containers[name="proxy"].lifecycle.preStop`: 16,
		`spec.template.spec.containers[name="web"].ports[name="web"]`:   15,
		"spec.template.spec.containers[web]":                            12,
		"metadata.annotations[greenlight.dev/y]":                        5,
		"status":                                                        1,
		"spec.template.spec.containers[99999999999999999999]":           12,
		"metadata.annotations[":                                         5,
	}
	document := split(t, deployment)[0]
	for path, want := range tests {
		t.Run(path, func(t *testing.T) {
			if got := document.Position(path).Line; got != want {
				t.Errorf("line %d, want %d", got, want)
			}
		})
	}
}

func TestAFieldBehindAnAliasIsFoundAtItsAnchor(t *testing.T) {
	document := split(t, `metadata:
  labels: &labels
    app: web
spec:
  selector: *labels
  template:
    labels:
      <<: *labels
      color: green
`)[0]
	tests := map[string]int{
		"spec.selector":               5,
		"spec.selector[app]":          3,
		"spec.selector[color]":        5,
		"spec.template.labels[color]": 9,
		"spec.template.labels[app]":   7,
	}
	for path, want := range tests {
		t.Run(path, func(t *testing.T) {
			if got := document.Position(path).Line; got != want {
				t.Errorf("line %d, want %d", got, want)
			}
		})
	}
}

func TestLinesAreCountedFromTheBeginningOfTheFile(t *testing.T) {
	const service = "kind: Service\nmetadata:\n  name: web\n"
	tests := map[string]struct {
		file string
		want []int
	}{
		"one document":                 {service, []int{3}},
		"a separator first":            {"---\n" + service, []int{4}},
		"a comment first":              {"# Ours.\n---\n" + service, []int{5}},
		"two documents":                {service + "---\n" + service, []int{3, 7}},
		"a separator with a comment":   {service + "--- # and\n" + service, []int{3, 7}},
		"empty documents in between":   {service + "---\n---\n# none\n---\n" + service, []int{3, 10}},
		"an end of the document":       {service + "...\n---\n" + service, []int{3, 8}},
		"no line end at the end":       {service + "---\n" + strings.TrimSpace(service), []int{3, 7}},
		"lines that end as on Windows": {strings.ReplaceAll(service+"---\n"+service, "\n", "\r\n"), []int{3, 7}},
		"a byte order mark":            {"\ufeff" + service + "---\n" + service, []int{3, 7}},
		"a byte order mark, separator": {"\ufeff---\n" + service, []int{4}},
		"a byte order mark in between": {service + "---\n\ufeff" + service, []int{3, 7}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			var got []int
			for _, document := range split(t, test.file) {
				got = append(got, document.Position("metadata.name").Line)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("lines of metadata.name (-want +got):\n%s", diff)
			}
		})
	}
}

func TestAByteOrderMarkMovesNoColumn(t *testing.T) {
	got := split(t, "\ufeffkind: Service\n")[0].Position("kind")
	if diff := cmp.Diff(manifest.Position{Line: 1, Column: 1}, got); diff != "" {
		t.Errorf("position (-want +got):\n%s", diff)
	}
}

func TestJSONHasPositionsToo(t *testing.T) {
	got := split(t, `{"kind": "Service", "metadata": {"name": "web"}}`)[0].Position("metadata.name")
	if diff := cmp.Diff(manifest.Position{Line: 1, Column: 34}, got); diff != "" {
		t.Errorf("position (-want +got):\n%s", diff)
	}
}

func split(t *testing.T, file string) []manifest.Document {
	t.Helper()
	documents, err := manifest.Split("web.yaml", []byte(file))
	if err != nil {
		t.Fatal(err)
	}
	return documents
}
