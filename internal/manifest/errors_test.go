package manifest_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"greenlight.dev/greenlight/internal/manifest"
)

const service = "apiVersion: v1\nkind: Service\nmetadata:\n  name: web\n"

func TestAFileThatIsNotYAMLIsAnErrorThatNamesThePlace(t *testing.T) {
	tests := map[string]struct {
		file, want string
		documents  int
	}{
		"in the first document":   {"a: b: c\n", "web.yaml:1:1: mapping values are not allowed in this context", 0},
		"in the second document":  {service + "---\nkind:\n\t- x\n", "web.yaml:7:2: found character that cannot start any token", 1},
		"between other documents": {service + "---\nkind: [\n---\n" + service, "web.yaml:6:1: did not find expected node content", 2},
		"in two documents":        {"a: b: c\n---\nkind: [\n", "web.yaml:1:1: mapping values are not allowed in this context\nweb.yaml:3:1: did not find expected node content", 0},
		"in an indented line":     {"a:\n  b: c: d\n", "web.yaml:2:3: mapping values are not allowed in this context", 0},
		"a template": {
			"{{- if .Values.web }}\nkind: Service\n{{- end }}\n",
			"web.yaml:1:1: did not find expected node content: this looks like a template, which has to be rendered first", 0,
		},
		"an anchor that is not there": {"a: *b\n", "web.yaml:1:1: unknown anchor 'b' referenced", 0},
		"in a separator": {
			service + "---\n" + service + "---kind: Service\n",
			"web.yaml:6:1: invalid Yaml document separator: kind: Service, in the document that begins here", 1,
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			documents, err := manifest.Split("web.yaml", []byte(test.file))
			compareError(t, test.want, err)
			if len(documents) != test.documents {
				t.Errorf("%d documents, want %d", len(documents), test.documents)
			}
		})
	}
}

func TestADocumentThatIsNoObjectIsAnErrorThatNamesThePlace(t *testing.T) {
	tests := map[string]struct{ file, want string }{
		"an unknown field":        {service + "specc: {}\n", `web.yaml:5:1: unknown field "specc"`},
		"an unknown nested field": {service + "spec:\n  ports:\n    - prt: 80\n", `web.yaml:7:7: unknown field "spec.ports[0].prt"`},
		"two unknown fields": {
			service + "spec:\n  selectr: {app: web}\n  ports:\n    - prt: 80\n",
			"web.yaml:6:3: unknown field \"spec.selectr\"\nweb.yaml:8:7: unknown field \"spec.ports[0].prt\"",
		},
		"a duplicate key": {service + "  name: api\n", `web.yaml:5:3: key "name" is written on line 4 already`},
		"a duplicate key and an unknown field": {
			service + "  name: api\nspecc: {}\n",
			"web.yaml:5:3: key \"name\" is written on line 4 already\nweb.yaml:6:1: unknown field \"specc\"",
		},
		"a duplicate key of a later document": {service + "---\n" + service + "kind: Service\n", `web.yaml:10:1: key "kind" is written on line 7 already`},
		"an unknown kind":                     {"apiVersion: v1\nkind: Servise\n", "web.yaml:2:1: kind Servise of v1 is not known"},
		"an unknown group":                    {"apiVersion: example.dev/v1\nkind: Service\n", "web.yaml:2:1: kind Service of example.dev/v1 is not known"},
		"a version of the past": {
			"kind: Deployment\napiVersion: extensions/v1beta1\nspecc: {}\n",
			"web.yaml:2:1: extensions/v1beta1 Deployment was removed in Kubernetes 1.16: write apps/v1",
		},
		"a version of the past in another group": {
			"apiVersion: extensions/v1beta1\nkind: Ingress\n",
			"web.yaml:1:1: extensions/v1beta1 Ingress was removed in Kubernetes 1.22: write networking.k8s.io/v1",
		},
		"no kind":                  {"apiVersion: v1\n", "web.yaml:1:1: kind is missing"},
		"no version":               {"# Ours.\nkind: Service\n", "web.yaml:2:1: apiVersion is missing"},
		"a text":                   {"hello\n", "web.yaml:1:1: this is not an object"},
		"a list":                   {"- a\n", "web.yaml:1:1: this is not an object"},
		"an item of a List":        {"apiVersion: v1\nkind: List\nitems:\n  - kind: Service\n", "web.yaml:4:5: apiVersion is missing"},
		"a kind that is no object": {"apiVersion: v1\nkind: DeleteOptions\n", "web.yaml:2:1: a DeleteOptions is not an object of the cluster"},
		"a value of another type": {
			service + "spec: {ports: 80}\n",
			"web.yaml:5:15: spec.ports is of type number: want array",
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := manifest.Objects("web.yaml", []byte(test.file))
			compareError(t, test.want, err)
		})
	}
}

func TestAFileWithoutContentHasNoDocuments(t *testing.T) {
	for name, file := range map[string]string{"empty": "", "comments": "# Ours.\n", "separators": "---\n---\n", "null": "null\n"} {
		t.Run(name, func(t *testing.T) {
			if documents := split(t, file); len(documents) > 0 {
				t.Errorf("got %d documents", len(documents))
			}
		})
	}
}

func compareError(t *testing.T, want string, err error) {
	t.Helper()
	if err == nil {
		t.Fatalf("no error, want %s", want)
	}
	if diff := cmp.Diff(want, err.Error()); diff != "" {
		t.Errorf("error (-want +got):\n%s", diff)
	}
}
