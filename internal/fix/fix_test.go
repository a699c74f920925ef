package fix_test

import (
	"fmt"
	"strings"
	"testing"

	"greenlight.dev/greenlight/api/v1alpha1"
	"greenlight.dev/greenlight/internal/engine"
	"greenlight.dev/greenlight/internal/fix"
	"greenlight.dev/greenlight/internal/testfiles"
	"greenlight.dev/greenlight/rules"
)

func TestADeploymentIsGivenWhatTheWebhookWouldInject(t *testing.T) {
	result := run(t, map[string]string{"deploy/web.yaml": web, "service.yaml": service})
	compare(t, map[string]string{"deploy/web.yaml": web + given}, after(result))
	var lines []string
	for _, change := range result.Files[0].Changes {
		lines = append(lines, fmt.Sprintf("%s:%d:%d %s: %s", change.File, change.Line, change.Column, change.Object, change.Message))
	}
	compare(t, []string{
		`deploy/web.yaml:14:11 Deployment/shop/web: added readinessProbe: {tcpSocket: {port: 8080}, periodSeconds: 5, timeoutSeconds: 2, failureThreshold: 3} to container "web"`,
		`deploy/web.yaml:20:11 Deployment/shop/web: added lifecycle: {preStop: {sleep: {seconds: 5}}} to container "web"`,
		`deploy/web.yaml:24:7 Deployment/shop/web: added terminationGracePeriodSeconds: 35 to spec.template.spec`,
	}, lines)
	compare(t, []string(nil), told(append(result.Errors, result.Warnings...)))
}

func TestWhatIsFixedNeedsNoFix(t *testing.T) {
	first := run(t, map[string]string{"web.yaml": web, "service.yaml": service})
	second := run(t, map[string]string{"web.yaml": after(first)["web.yaml"], "service.yaml": service})
	compare(t, map[string]string{}, after(second))
}

// item indents a document as an item of a list.
func item(document string) string {
	return "  - " + strings.TrimSpace(strings.ReplaceAll(document, "\n", "\n    ")) + "\n"
}

func TestAFileKeepsItsShape(t *testing.T) {
	list := "apiVersion: v1\nkind: List\nitems:\n"
	tests := map[string]struct{ before, after string }{
		"several documents":      {service + "---\n" + web + "---\n# Nothing.\n---\n" + web, service + "---\n" + web + given + "---\n# Nothing.\n---\n" + web + given},
		"separators around":      {"---\n" + web + "---\n", "---\n" + web + given + "---\n"},
		"no line end at the end": {strings.TrimSuffix(web, "\n"), strings.TrimSuffix(web+given, "\n")},
		"line ends of Windows":   {strings.ReplaceAll(web, "\n", "\r\n"), strings.ReplaceAll(web+given, "\n", "\r\n")},
		"a byte order mark":      {"\ufeff" + web + "---\n" + web, "\ufeff" + web + given + "---\n" + web + given},
		"a List":                 {list + item(web) + item(service) + item(web), list + item(web+given) + item(service) + item(web+given)},
		"a List in a List":       {list + item(service) + item(list+item(web)), list + item(service) + item(list+item(web+given))},
		"a document that is no YAML beside it": {
			"{{ if .Values.web }}\n---\n" + web, "{{ if .Values.web }}\n---\n" + web + given,
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			compare(t, map[string]string{"web.yaml": test.after}, after(run(t, map[string]string{"web.yaml": test.before})))
		})
	}
}

func TestChangesAreToldWhereTheyAreThen(t *testing.T) {
	list := "apiVersion: v1\nkind: List\nitems:\n" + item(web) + item(service) + item(web)
	result := run(t, map[string]string{"web.yaml": web + "---\n" + list})
	for _, change := range result.Files[0].Changes {
		line := strings.Split(string(result.Files[0].After), "\n")[change.Line-1]
		field, _, _ := strings.Cut(strings.TrimPrefix(change.Message, "added "), ":")
		if !strings.HasPrefix(line[change.Column-1:], field+":") {
			t.Errorf("line %d, column %d is in %q: %s", change.Line, change.Column, line, change.Message)
		}
	}
	compare(t, 9, len(result.Files[0].Changes))
}

func TestTheServicesOfTheInputSayWhoServes(t *testing.T) {
	both := strings.Replace(web, "        - name: web\n", "        - name: metrics\n          ports: [{containerPort: 9090}]\n        - name: web\n", 1)
	files := map[string]string{"web.yaml": both, "service.yaml": service}
	compare(t, map[string]string{"web.yaml": both + given}, after(run(t, files)))
}

func TestWhatCannotBeEditedIsLeftWithAdvice(t *testing.T) {
	shared := strings.Replace(web, "      containers:\n        - name: web", "      containers:\n        - &web\n          name: web", 1) +
		"      initContainers:\n        - *web\n"
	result := run(t, map[string]string{"web.yaml": "apiVersion: v1\nkind: List\nitems:\n" + item(shared) + item(service) + item(web)})
	compare(t, map[string]string{
		"web.yaml": "apiVersion: v1\nkind: List\nitems:\n" + item(shared) + item(service) + item(web+given),
	}, after(result))
	compare(t, []string{
		`web.yaml:13:15: Deployment/shop/web is not fixed: an alias repeats the anchor &web elsewhere, which an edit would change too. By hand: ` +
			`add readinessProbe: {tcpSocket: {port: 8080}, periodSeconds: 5, timeoutSeconds: 2, failureThreshold: 3} to container "web"; ` +
			`add lifecycle: {preStop: {sleep: {seconds: 5}}} to container "web"; add terminationGracePeriodSeconds: 35 to spec.template.spec`,
	}, told(result.Errors))
}

func TestWhatCannotBeReadIsAnErrorAndTheRestIsFixed(t *testing.T) {
	result := run(t, map[string]string{"web.yaml": web, "broken.yaml": "a: b: c\n", "old.yaml": strings.Replace(web, "apps/v1", "extensions/v1beta1", 1)})
	compare(t, map[string]string{"web.yaml": web + given}, after(result))
	compare(t, []string{
		"broken.yaml:1:1: mapping values are not allowed in this context",
		"old.yaml:1:1: extensions/v1beta1 Deployment was removed in Kubernetes 1.16: write apps/v1",
	}, told(result.Errors))
}

func TestAnAnnotationNamesTheProbe(t *testing.T) {
	annotated := func(value string) string {
		return strings.Replace(web, "  name: web # ours\n", "  name: web # ours\n  annotations: {greenlight.dev/readiness-probe.web: \""+value+"\"}\n", 1)
	}
	result := run(t, map[string]string{"web.yaml": annotated("http://:8080/healthz")})
	probe := "            httpGet:\n              path: /healthz\n              port: 8080\n              scheme: HTTP\n"
	compare(t, map[string]string{
		"web.yaml": annotated("http://:8080/healthz") + strings.Replace(given, "            tcpSocket:\n              port: 8080\n", probe, 1),
	}, after(result))

	result = run(t, map[string]string{"web.yaml": annotated("/healthz")})
	compare(t, []string{
		`web.yaml:1:1: Deployment/shop/web: warning: annotation greenlight.dev/readiness-probe.web: "/healthz" names no probe, and none is injected: ` +
			`write http://:8080/path, https://:8443/path, grpc://:9090/service or tcp://:8080`,
	}, told(result.Warnings))
}

func TestThePolicySaysWhatIsGiven(t *testing.T) {
	testfiles.Write(t, map[string]string{"web.yaml": web})
	document := &v1alpha1.RolloutPolicy{}
	document.Spec.Defaults.ReadinessProbe.Inject = new(false)
	document.Spec.Defaults.PreStop.SleepSeconds = 10
	policy, err := engine.NewPolicy(document, rules.All)
	if err != nil {
		t.Fatal(err)
	}
	options := options(".")
	options.Policies = engine.Only(policy)
	compare(t, map[string]string{
		"web.yaml": web + "          lifecycle:\n            preStop:\n              sleep:\n                seconds: 10\n      terminationGracePeriodSeconds: 40\n",
	}, after(fix.Run(t.Context(), options)))
}

func TestADeploymentThatWantsNothingGetsNothing(t *testing.T) {
	unwilling := strings.Replace(web, "  name: web # ours\n", "  name: web # ours\n  annotations: {greenlight.dev/inject: \"false\"}\n", 1)
	worker := strings.Replace(web, "          ports:\n            - {name: http, containerPort: 8080}\n", "", 1)
	result := run(t, map[string]string{"a.yaml": unwilling, "b.yaml": worker, "c.yaml": service})
	compare(t, map[string]string{}, after(result))
	compare(t, []string(nil), told(result.Errors))
}

func TestWhatIsRenderedIsNotFixedButAPatchIsNamed(t *testing.T) {
	patch := `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  template:
    spec:
      containers:
      - lifecycle:
          preStop:
            sleep:
              seconds: 5
        name: web
        readinessProbe:
          failureThreshold: 3
          periodSeconds: 5
          tcpSocket:
            port: 8080
          timeoutSeconds: 2
      terminationGracePeriodSeconds: 35
`
	const advice = "is not fixed. Add what is in this patch to the template, or the patch to the overlay:\n"
	tests := map[string]struct {
		files map[string]string
		want  string
	}{
		"a kustomization": {
			map[string]string{"app/kustomization.yaml": "resources: [web.yaml, service.yaml]\n", "app/web.yaml": web, "app/service.yaml": service},
			"app/web.yaml:1:1: Deployment/shop/web: this is rendered from app, and " + advice + patch,
		},
		"a chart": {
			map[string]string{"app/Chart.yaml": "apiVersion: v2\nname: app\nversion: 1.0.0\n", "app/templates/web.yaml": web},
			"app/templates/web.yaml:1:1: Deployment/shop/web: this is rendered from app, and " + advice + patch,
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			test.files["web.yaml"] = web
			result := run(t, test.files)
			compare(t, map[string]string{"web.yaml": web + given}, after(result))
			compare(t, []string{test.want}, told(result.Errors))
		})
	}
}

func TestThePatchForAnOverlayIsAllThatIsMissing(t *testing.T) {
	files := map[string]string{"kustomization.yaml": "resources: [web.yaml, service.yaml]\n", "web.yaml": web, "service.yaml": service}
	_, patch, _ := strings.Cut(run(t, files).Errors[0].Message, ":\n")
	files["kustomization.yaml"] += "patches: [{path: patch.yaml}]\n"
	files["patch.yaml"] = patch
	compare(t, []string(nil), told(run(t, files).Errors))
}

func TestAFileOfAKustomizationIsFixedByItsName(t *testing.T) {
	testfiles.Write(t, map[string]string{"kustomization.yaml": "resources: [web.yaml]\n", "web.yaml": web})
	compare(t, map[string]string{"web.yaml": web + given}, after(fix.Run(t.Context(), options("web.yaml"))))
}
