package render_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"k8s.io/kube-openapi/pkg/validation/spec"
	"k8s.io/kube-openapi/pkg/validation/strfmt"
	"k8s.io/kube-openapi/pkg/validation/validate"
	"sigs.k8s.io/yaml"

	"greenlight.dev/greenlight/internal/check"
	"greenlight.dev/greenlight/internal/render"
)

// rendered returns what a format writes, and that it is the same a second time.
func rendered(t *testing.T, format string, result *check.Result) []byte {
	t.Helper()
	found, err := render.Find(format)
	if err != nil {
		t.Fatal(err)
	}
	var first, second bytes.Buffer
	for _, out := range []*bytes.Buffer{&first, &second} {
		if err := found.Write(out, result); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(first.Bytes(), second.Bytes()) {
		t.Error("it is written differently the second time")
	}
	return first.Bytes()
}

func TestSARIFIsValid(t *testing.T) {
	schema, err := jsonschema.NewCompiler().Compile("testdata/schemas/sarif-schema-2.1.0.json")
	if err != nil {
		t.Fatal(err)
	}
	for name, result := range results {
		document, err := jsonschema.UnmarshalJSON(bytes.NewReader(rendered(t, "sarif", result)))
		if err != nil {
			t.Fatal(err)
		}
		if err := schema.Validate(document); err != nil {
			t.Errorf("%s: %#v", name, err)
		}
	}
}

func TestJUnitIsValid(t *testing.T) {
	schema := loadXSD(t, "testdata/schemas/junit.xsd")
	for name, result := range results {
		if err := schema.validate(rendered(t, "junit", result)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestPolicyReportIsValid(t *testing.T) {
	schemas := map[string]*validate.SchemaValidator{
		"Report": reportSchema(t, "openreports.io_reports.yaml"), "ClusterReport": reportSchema(t, "openreports.io_clusterreports.yaml"),
	}
	seen := map[string]bool{}
	for name, result := range results {
		for _, document := range strings.Split(string(rendered(t, "policyreport", result)), "---\n")[1:] {
			var report map[string]any
			if err := yaml.UnmarshalStrict([]byte(document), &report); err != nil {
				t.Fatal(err)
			}
			kind := report["kind"].(string)
			seen[kind] = true
			if result := schemas[kind].Validate(report); !result.IsValid() {
				t.Errorf("%s: %s: %v", name, kind, result.AsError())
			}
		}
	}
	if len(seen) != len(schemas) {
		t.Errorf("only %v were written", seen)
	}
}

// reportSchema reads the schema from the module that the types come from.
func reportSchema(t *testing.T, file string) *validate.SchemaValidator {
	t.Helper()
	folder, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/openreports/reports-api").Output()
	if err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(filepath.Join(strings.TrimSpace(string(folder)), "config/crd", file))
	if err != nil {
		t.Fatal(err)
	}
	var definition struct {
		Spec struct {
			Versions []struct {
				Name   string
				Schema struct{ OpenAPIV3Schema *spec.Schema }
			}
		}
	}
	if err := yaml.Unmarshal(data, &definition); err != nil {
		t.Fatal(err)
	}
	version := definition.Spec.Versions[0]
	if version.Name != "v1alpha1" {
		t.Fatalf("the schema is of version %s", version.Name)
	}
	// An unknown field is a fault here, though the API server would only prune it.
	version.Schema.OpenAPIV3Schema.AdditionalProperties = &spec.SchemaOrBool{Allows: false}
	return validate.NewSchemaValidator(version.Schema.OpenAPIV3Schema, nil, "", strfmt.Default)
}
