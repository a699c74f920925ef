package check_test

import (
	"strings"
	"testing"

	"greenlight.dev/greenlight/internal/check"
)

const kustomization = "resources: [web.yaml, service.yaml]\n"

// chart renders web and its Service.
func chart(folder, templates string) map[string]string {
	return map[string]string{
		folder + "/Chart.yaml":             "apiVersion: v2\nname: web\nversion: 1.0.0\n",
		folder + "/templates/web.yaml":     templates,
		folder + "/templates/service.yaml": service,
	}
}

func TestAKustomizationIsRenderedAndItsFilesAreNotReadThemselves(t *testing.T) {
	result := run(t, map[string]string{
		"web/kustomization.yaml": kustomization, "web/web.yaml": web, "web/service.yaml": service,
		"web/patches/unused.yaml": "{", "plain.yaml": service,
	})
	compare(t, []string{"web/web.yaml:7:5: Deployment/shop/web"}, denied(result))
	compare(t, []string(nil), told(result.Errors))
	if result.Sources["web/web.yaml"] == nil {
		t.Error("the source of the finding is not there")
	}
}

func TestABaseIsNotRenderedByItselfUnlessItIsNamed(t *testing.T) {
	files := map[string]string{
		"base/kustomization.yaml": kustomization, "base/web.yaml": web, "base/service.yaml": service,
		"prod/kustomization.yaml":    "namespace: prod\nresources: [../base]\n",
		"staging/kustomization.yaml": "namespace: staging\nresources: [../base]\n",
	}
	compare(t, []string{"base/web.yaml:7:5: Deployment/prod/web", "base/web.yaml:7:5: Deployment/staging/web"}, denied(run(t, files)))
	named := run(t, files, func(o *check.Options) { o.Paths = []string{"base"} })
	compare(t, []string{"base/web.yaml:7:5: Deployment/shop/web"}, denied(named))
}

func TestAChartIsRenderedWithItsValues(t *testing.T) {
	files := chart("web", strings.Replace(web, "type: Recreate", "type: {{ .Values.strategy }}", 1))
	result := run(t, files, func(o *check.Options) { o.Values = map[string]any{"strategy": "Recreate"} })
	compare(t, []string{"web/templates/web.yaml:7:5: Deployment/shop/web"}, denied(result))
	compare(t, []string(nil), told(result.Errors))
}

func TestEachRenderingIsJudgedApart(t *testing.T) {
	files := chart("api", web)
	delete(files, "api/templates/service.yaml")
	for name, content := range map[string]string{"web/kustomization.yaml": "resources: [service.yaml]\n", "web/service.yaml": service} {
		files[name] = content
	}
	compare(t, []string(nil), denied(run(t, files)))
}

func TestSeveralRenderingsAreNeverComplete(t *testing.T) {
	files := chart("web", web)
	whole := run(t, files, func(o *check.Options) { o.Complete = true })
	files["plain.yaml"] = service
	parts := run(t, files, func(o *check.Options) { o.Complete = true })
	if parts.Summary.Skipped <= whole.Summary.Skipped {
		t.Errorf("%d rules are skipped for one of two renderings, %d for the only one", parts.Summary.Skipped, whole.Summary.Skipped)
	}
}

func TestWhatCannotBeRenderedIsAnErrorAndTheRestIsChecked(t *testing.T) {
	files := chart("web", "kind: {{ required \"say which kind\" .Values.kind }}\n")
	files["app/kustomization.yaml"] = "resources: [missing.yaml]\n"
	files["web.yaml"] = web + "---\n" + service
	result := run(t, files)
	compare(t, []string{"web.yaml:7:5: Deployment/shop/web"}, denied(result))
	compare(t, []string{
		"app/kustomization.yaml:1:13: missing.yaml is not here, and nothing is fetched: vendor it",
		"web/templates/web.yaml:1:9: helm: execution error at (web/templates/web.yaml:1:9): say which kind",
	}, told(result.Errors))
}
