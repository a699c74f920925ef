package main

import (
	"fmt"
	"slices"
	"strings"
	"text/template"

	"greenlight.dev/greenlight/internal/cluster"
)

const generated = "# Written by make generate.\n"

// yamlFuncs are what the templates of YAML files write with.
var yamlFuncs = template.FuncMap{"list": yamlList, "folded": folded, "unguarded": unguarded}

// unguarded are the namespaces that the webhooks leave out.
func unguarded() []string { return append(slices.Clone(cluster.SystemNamespaces), "greenlight-system") }

// yamlList writes a string or strings as a YAML list on one line.
func yamlList(items any) string {
	written := []string{}
	switch items := items.(type) {
	case string:
		written = append(written, items)
	case []string:
		written = append(written, items...)
	}
	for i, item := range written {
		if item == "" {
			written[i] = `""`
		}
	}
	return fmt.Sprintf("[%s]", strings.Join(written, ", "))
}

// folded writes a text as the value of a field, over several lines where it has several.
func folded(spaces int, text string) string {
	if !strings.Contains(text, "\n") {
		return text
	}
	return ">-" + strings.ReplaceAll("\n"+text, "\n", "\n"+strings.Repeat(" ", spaces))
}
