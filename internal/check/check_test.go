package check_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"greenlight.dev/greenlight/internal/check"
	"greenlight.dev/greenlight/internal/engine"
	"greenlight.dev/greenlight/internal/testfiles"
	"greenlight.dev/greenlight/rules"
)

const web = `apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 3
  strategy:
    type: Recreate
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
        - {name: web, image: "web:1.0.0"}
`

const service = "apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {selector: {app: web}, ports: [{port: 80}]}\n"

// run checks files in a folder of their own, by their relative names.
func run(t *testing.T, files map[string]string, change ...func(*check.Options)) *check.Result {
	t.Helper()
	testfiles.Write(t, files)
	options := check.Options{
		Paths: []string{"."}, Policies: engine.Only(engine.Baseline(rules.All)), Namespace: "shop",
		Now: time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC),
	}
	for _, change := range change {
		change(&options)
	}
	return check.Run(t.Context(), options)
}

func compare(t *testing.T, want, got any) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// denied are the places and objects of what recreate-strategy finds.
func denied(result *check.Result) []string {
	var found []string
	for _, finding := range result.Findings {
		if finding.Rule == "recreate-strategy" {
			found = append(found, check.Error{Place: finding.Place, Message: finding.Object.String()}.String())
		}
	}
	return found
}

func told(errors []check.Error) []string {
	var told []string
	for _, err := range errors {
		told = append(told, err.String())
	}
	return told
}

func TestAFindingNamesItsPlaceAndItsObject(t *testing.T) {
	result := run(t, map[string]string{"b/web.yaml": web, "a/service.yaml": service})
	compare(t, []string{"b/web.yaml:7:5: Deployment/shop/web"}, denied(result))
	compare(t, []string(nil), told(result.Errors))
}

func TestAFindingIsPlacedInAnyShapeOfFile(t *testing.T) {
	tests := map[string]struct{ file, want string }{
		"a later document":     {service + "---\n" + web, "web.yaml:12:5: Deployment/shop/web"},
		"line ends of Windows": {strings.ReplaceAll(service+"---\n"+web, "\n", "\r\n"), "web.yaml:12:5: Deployment/shop/web"},
		"a byte order mark":    {"\ufeff" + web + "---\n" + service, "web.yaml:7:5: Deployment/shop/web"},
		"an item of a List": {
			"apiVersion: v1\nkind: List\nitems:\n" + item(web) + item(service),
			"web.yaml:10:9: Deployment/shop/web",
		},
		"an item of a List in a List": {
			service + "---\napiVersion: v1\nkind: List\nitems:\n" + item("apiVersion: v1\nkind: List\nitems:\n"+item(web)),
			"web.yaml:18:13: Deployment/shop/web",
		},
		"behind an alias": {
			"apiVersion: v1\nkind: List\nitems:\n" + item(service) +
				item(strings.NewReplacer("name: web}\nspec", "name: api}\nspec", "strategy:", "strategy: &recreate").Replace(web)) +
				item(strings.Replace(web, "  strategy:\n    type: Recreate", "  strategy: *recreate", 1)),
			"web.yaml:14:9: Deployment/shop/api\nweb.yaml:14:9: Deployment/shop/web",
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			result := run(t, map[string]string{"web.yaml": test.file})
			compare(t, test.want, strings.Join(denied(result), "\n"))
		})
	}
}

// item indents a document as an item of a list.
func item(document string) string {
	return "  - " + strings.TrimSpace(strings.ReplaceAll(document, "\n", "\n    ")) + "\n"
}

func TestWhatCannotBeReadIsAnErrorAndTheRestIsChecked(t *testing.T) {
	result := run(t, map[string]string{
		"chart.yaml":   strings.Replace(web, "replicas: 3", "replicas: {{ .Values.replicas }}", 1) + "---\n" + web,
		"old.yaml":     strings.Replace(web, "apps/v1", "extensions/v1beta1", 1),
		"twice.yaml":   "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: web}\ndata:\n  a: b\n  a: c\n",
		"text.yaml":    "hello\n",
		"service.yaml": service,
	}, func(o *check.Options) { o.Paths = []string{".", "missing.yaml"} })
	compare(t, []string{"chart.yaml:21:5: Deployment/shop/web"}, denied(result))
	compare(t, []string{
		"chart.yaml:5:14: a key cannot be a mapping: a template has to be rendered first",
		"missing.yaml: cannot be read: no such file or directory",
		"old.yaml:1:1: extensions/v1beta1 Deployment was removed in Kubernetes 1.16: write apps/v1",
		"text.yaml:1:1: this is not an object",
		"twice.yaml:6:3: key \"a\" is written on line 5 already",
	}, told(result.Errors))
}

func TestKindsThatNoRuleLooksAtAreCounted(t *testing.T) {
	result := run(t, map[string]string{
		"crd.yaml":    "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nspec: [of, any, shape]\n",
		"values.yaml": "replicas: 3\n",
		"none.yaml":   "# Nothing yet.\n",
		"web.yaml":    web + "---\n" + service,
	})
	compare(t, []string(nil), told(result.Errors))
	compare(t, [3]int{4, 3, 1}, [3]int{result.Summary.Files, result.Summary.Objects, result.Summary.NotApplicable})
}

func TestAnInputWithoutObjectsIsAnErrorUnlessItIsAllowed(t *testing.T) {
	files := map[string]string{"none.yaml": "# Nothing yet.\n"}
	compare(t, []string{"there is no Kubernetes object in ."}, told(run(t, files).Errors))
	allowed := run(t, files, func(o *check.Options) { o.AllowEmpty = true })
	compare(t, []string(nil), told(allowed.Errors))
}

func TestStandardInputIsRead(t *testing.T) {
	result := run(t, nil, func(o *check.Options) {
		o.Paths, o.Stdin = []string{"-"}, strings.NewReader(web+"---\n"+service)
	})
	compare(t, []string{"stdin:7:5: Deployment/shop/web"}, denied(result))
}

func TestFoldersAreReadWithoutWhatIsExcluded(t *testing.T) {
	files := map[string]string{
		"service.yaml": service, "web.txt": "{", ".git/web.yaml": "{",
		"web.yaml": web, "test/deep/web.yaml": web, "web_test.yaml": web, "deep/web.json": "{}",
	}
	result := run(t, files, func(o *check.Options) { o.Exclude = []string{"test", "*_test.yaml"} })
	compare(t, []string{"web.yaml:7:5: Deployment/shop/web"}, denied(result))
	compare(t, []string(nil), told(result.Errors))
}

func TestAFileIsReadOnce(t *testing.T) {
	result := run(t, map[string]string{"a/web.yaml": web, "service.yaml": service}, func(o *check.Options) {
		o.Paths = []string{"a/web.yaml", "./a", "."}
	})
	compare(t, []string{"a/web.yaml:7:5: Deployment/shop/web"}, denied(result))
}

func TestObjectsOfAnotherNamespaceAreNotSeen(t *testing.T) {
	elsewhere := strings.Replace(service, "name: web", "name: web, namespace: other", 1)
	result := run(t, map[string]string{"web.yaml": web + "---\n" + elsewhere})
	compare(t, []string(nil), denied(result))
}

func TestAbsenceIsConcludedFromACompleteInputOnly(t *testing.T) {
	files := map[string]string{"web.yaml": strings.Replace(web, "type: Recreate", "type: RollingUpdate", 1)}
	partial := run(t, files)
	whole := run(t, files, func(o *check.Options) { o.Complete = true })
	if partial.Summary.Skipped <= whole.Summary.Skipped {
		t.Errorf("%d rules are skipped for a part and %d for the whole", partial.Summary.Skipped, whole.Summary.Skipped)
	}
}
