package main

import (
	"os"
	"slices"
	"strings"
	"text/template"

	"greenlight.dev/greenlight/api/v1alpha1"
	"greenlight.dev/greenlight/rules"
)

// writeAuditOnly writes the policy of an overlay that looks on: a mode can only be given to a rule by its name.
func writeAuditOnly(path string) error {
	used := slices.DeleteFunc(slices.Clone(rules.All), func(entry rules.Entry) bool { return entry.Strict == v1alpha1.Off })
	var text strings.Builder
	if err := auditOnlyText.Execute(&text, used); err != nil {
		return err
	}
	return os.WriteFile(path, []byte(text.String()), 0o644)
}

var auditOnlyText = template.Must(template.New("audit-only").Parse(generated + `apiVersion: greenlight.dev/v1alpha1
kind: RolloutPolicy
metadata:
  name: audit-only
  labels:
    # It may name rules that the webhook before does not know.
    greenlight.dev/apply: last
spec:
  # Higher than that of any other policy.
  priority: 2147483647
  defaults:
    readinessProbe:
      inject: false
    preStop:
      inject: false
  # Every rule that either profile has on.
  rules:
{{- range .}}
    - {name: {{.ID}}, mode: audit}
{{- end}}
`))
