package render_test

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"greenlight.dev/greenlight/api/v1alpha1"
	"greenlight.dev/greenlight/internal/check"
	"greenlight.dev/greenlight/internal/render"
)

var update = flag.Bool("update", false, "write what is rendered into testdata")

var (
	web     = check.Object{APIVersion: "apps/v1", Kind: "Deployment", Namespace: "shop", Name: "web"}
	service = check.Object{APIVersion: "v1", Kind: "Service", Namespace: "shop", Name: "web"}
)

// source is written so that the findings are where full says.
const source = `# <script>alert("a comment")</script>
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  namespace: shop
  labels: {app: web}
spec:
  replicas: 3
  selector:
    matchLabels: {app: web}
  strategy:
    rollingUpdate:
      maxUnavailable: 100%
  template:
    metadata:
      labels: {app: web}
    spec:
      containers:
        - name: web
          image: "<web>\n& co"
`

// full has something of everything.
var full = &check.Result{
	Files: []string{"deploy/old.yaml", "deploy/web.yaml", "stdin"},
	Findings: []check.Finding{
		{
			Policy: "baseline", Rule: "rolling-update-no-floor", Mode: v1alpha1.Deny, Object: web,
			Place: check.Place{File: "deploy/web.yaml", Line: 14, Column: 7}, Path: "spec.strategy.rollingUpdate.maxUnavailable",
			Message: "maxUnavailable 100% of 3 pods is 3: a rollout may terminate every pod before a new one is ready.",
			Fix:     "Set maxUnavailable: 0 and maxSurge: 1.", URL: "https://greenlight.dev/rules/rolling-update-no-floor",
		},
		{
			Policy: "baseline", Rule: "mutable-image-tag", Mode: v1alpha1.Warn, Object: web,
			Place: check.Place{File: "deploy/web.yaml", Line: 21, Column: 11}, Path: `spec.template.spec.containers[name="web"].image`,
			Message: "image \"<web>\n& co\" has no tag.", URL: "https://greenlight.dev/rules/mutable-image-tag",
		},
		{
			Policy: "baseline", Rule: "service-selects-nothing", Mode: v1alpha1.Audit, Object: service,
			Place: check.Place{File: "stdin", Line: 1, Column: 1}, Path: "spec.selector",
			Message: "no workload has the labels app=web.", Fix: "Select the labels of a workload.", URL: "https://greenlight.dev/rules/service-selects-nothing",
		},
	},
	Skipped: []check.Skipped{{
		Policy: "baseline", Rule: "selector-overlap", Object: web, Reason: "not every Deployment is known",
		Place: check.Place{File: "deploy/web.yaml", Line: 1, Column: 1},
	}},
	Exempted: []check.Exempted{{
		Finding: check.Finding{
			Policy: "baseline", Rule: "single-replica", Mode: v1alpha1.Warn, Object: web,
			Place: check.Place{File: "deploy/web.yaml", Line: 9, Column: 3}, Path: "spec.replicas",
			Message: "1 replica serves Service web alone.", Fix: "Set replicas: 2 or more.", URL: "https://greenlight.dev/rules/single-replica",
		},
		By: "the annotation greenlight.dev/ignore.single-replica: a demo",
	}},
	Errors: []check.Error{{Place: check.Place{File: "deploy/old.yaml", Line: 1, Column: 1}, Message: "kind is missing"}},
	Summary: check.Summary{
		Files: 3, Objects: 5, NotApplicable: 1, Deny: 1, Warn: 1, Audit: 1, Skipped: 1, Exempted: 1, Errors: 1,
	},
	Sources: map[string][]byte{
		"deploy/web.yaml": []byte(source),
		"stdin":           []byte("apiVersion: v1\nkind: Service\n"),
	},
}

// results are what every format has to write.
var results = map[string]*check.Result{"full": full, "empty": {}}

// TestFormats holds every format to its golden files: -update writes them.
func TestFormats(t *testing.T) {
	formats := append([]render.Format{{Name: "colored-text", Write: render.ColoredText}}, render.Formats...)
	for _, format := range formats {
		for name, result := range results {
			t.Run(name+" as "+format.Name, func(t *testing.T) {
				var out bytes.Buffer
				if err := format.Write(&out, result); err != nil {
					t.Fatal(err)
				}
				golden(t, filepath.Join("testdata", name+"."+format.Name), out.Bytes())
			})
		}
	}
}

func golden(t *testing.T, path string, got []byte) {
	t.Helper()
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s (-want +got)\n%s", path, diff)
	}
}
