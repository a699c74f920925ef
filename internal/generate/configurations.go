package main

import (
	"os"
	"path/filepath"
	"strings"
	"text/template"
)

// writeWebhooks writes the webhook configurations, and the overlay that points each at a local process.
func writeWebhooks(folder string) error {
	files := []struct {
		path string
		text *template.Template
		data any
	}{
		{filepath.Join("webhook", "mutating.yaml"), configurationText, configuration{"MutatingWebhookConfiguration", mutating}},
		{filepath.Join("webhook", "validating.yaml"), configurationText, configuration{"ValidatingWebhookConfiguration", validating}},
		{filepath.Join("overlays", "local", "kustomization.yaml"), overlayText, []configuration{
			{"MutatingWebhookConfiguration", mutating}, {"ValidatingWebhookConfiguration", validating},
		}},
	}
	for _, file := range files {
		var text strings.Builder
		if err := file.text.Execute(&text, file.data); err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(folder, file.path), []byte(text.String()), 0o644); err != nil {
			return err
		}
	}
	return nil
}

// configuration is a webhook configuration.
type configuration struct {
	Kind     string
	Webhooks []webhook
}

var configurationText = template.Must(template.New("configuration").Funcs(yamlFuncs).Parse(
	generated + `apiVersion: admissionregistration.k8s.io/v1
kind: {{.Kind}}
metadata:
  name: greenlight
webhooks:
{{- range $i, $webhook := .Webhooks}}
{{- if $i}}
{{end}}
  # {{.Why}}
  - name: {{.Name}}
    admissionReviewVersions: [v1]
    clientConfig:
      service:
        name: greenlight-webhook
        namespace: greenlight-system
        path: {{.Path}}
    failurePolicy: {{.FailurePolicy}}
    matchPolicy: Equivalent
{{- with .ReinvocationPolicy}}
    reinvocationPolicy: {{.}}
{{- end}}
{{- if .Announces}}
    # A change that races with others is announced by a Lease.
    sideEffects: NoneOnDryRun
{{- else}}
    sideEffects: None
{{- end}}
{{- with .TimeoutWhy}}
    # {{.}}
{{- end}}
    timeoutSeconds: {{.TimeoutSeconds}}
{{- if not .EveryNamespace}}
    namespaceSelector:
      matchExpressions:
        - key: kubernetes.io/metadata.name
          operator: NotIn
          values: {{list unguarded}}
{{- end}}
    rules:
{{- range .Rules}}
      - apiGroups: {{list $webhook.Kind.Group}}
        apiVersions: {{list $webhook.Kind.Version}}
        operations: {{list .Operations}}
        resources: {{list .Resources}}
        scope: {{$webhook.Scope}}
{{- end}}
{{- with .MatchConditions}}
    matchConditions:
{{- end}}
{{- range .MatchConditions}}
{{- with .Why}}
      # {{.}}
{{- end}}
      - name: {{.Name}}
        expression: {{folded 10 .Expression}}
{{- end}}
{{- end}}
`))

var overlayText = template.Must(template.New("overlay").Parse(
	generated + `# For a webhook that runs as a process beside a local cluster: the API server calls it by URL. Whoever
# starts the process puts its port and the certificate authority made for it in these places.
apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
resources:
  - ../../crd
  - ../../rbac
  - ../../webhook
patches:
{{- range .}}
  - target: {kind: {{.Kind}}}
    patch: |
{{- range $i, $webhook := .Webhooks}}
      - {op: replace, path: /webhooks/{{$i}}/clientConfig, value: {url: "https://127.0.0.1:9443{{.Path}}"}}
{{- end}}
{{- end}}
`))
