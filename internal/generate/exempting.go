package main

import (
	"strings"
	"text/template"

	"greenlight.dev/greenlight/rules"
)

// exempting says how to live with what a rule finds: what is indented is to be pasted.
func exempting(entry rules.Entry) string {
	var text strings.Builder
	if err := exemptingText.Execute(&text, entry); err != nil {
		panic(err)
	}
	return text.String()
}

var exemptingText = template.Must(template.New("exempting").Funcs(template.FuncMap{"kinds": kindNames}).Parse(`
## How to exempt it

In the RolloutPolicy that governs the object. Names may hold an asterisk for any characters:

    apiVersion: greenlight.dev/v1alpha1
    kind: RolloutPolicy
    metadata:
      name: default
    spec:
      exemptions:
        - rules: [{{.ID}}]
          kinds: [{{kinds .Kinds}}]
          namespaces: [my-namespace]
          names: [my-name]
          reason: why this is right here
          # expires: the time when the exemption ends, such as 2030-01-31T00:00:00Z

On the object itself, by its author:

    metadata:
      annotations:
        greenlight.dev/ignore.{{.ID}}: why this is right here

The annotation lifts what is warned about or audited. What is denied it lifts only where the policy says
ignorable: deny.
`))
