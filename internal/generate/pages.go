package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/runtime/schema"

	"greenlight.dev/greenlight/rules"
)

// writePages replaces the folder by one page a rule and an index. The docs of parameters come from the
// rules' sources.
func writePages(sources, folder string) error {
	docs, err := readFieldDocs(sources)
	if err != nil {
		return err
	}
	if err := os.RemoveAll(folder); err != nil {
		return err
	}
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	for _, entry := range rules.All {
		params, err := parametersOf(entry, docs)
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(folder, entry.ID+".md"), []byte(page(entry, params)), 0o644); err != nil {
			return err
		}
	}
	return os.WriteFile(filepath.Join(folder, "README.md"), []byte(index(rules.All)), 0o644)
}

func index(entries []rules.Entry) string {
	var text strings.Builder
	text.WriteString("# Rules\n\n| rule | what it finds | judges | baseline | strict |\n| --- | --- | --- | --- | --- |\n")
	for _, entry := range entries {
		fmt.Fprintf(&text, "| [%s](%s.md) | %s | %s | %s | %s |\n",
			entry.ID, entry.ID, entry.Title(), kindNames(entry.Kinds), entry.Baseline, entry.Strict)
	}
	return text.String()
}

func page(entry rules.Entry, params []parameter) string {
	return entry.Doc + facts(entry) + parameterTable(params) + exempting(entry)
}

func facts(entry rules.Entry) string {
	return fmt.Sprintf(`
## The rule

| | |
| --- | --- |
| id | %s |
| judges | %s |
| when | %s |
| reads | %s |
| baseline | %s |
| strict | %s |
| address | <%s> |
`,
		entry.ID, kindNames(entry.Kinds), operationNames(entry.Ops), kindNames(readBy(entry)),
		entry.Baseline, entry.Strict, rules.URL(entry.ID))
}

// readBy are the kinds that a rule reads in any way.
func readBy(entry rules.Entry) []schema.GroupVersionKind {
	kinds := slices.Clone(entry.Reads)
	for _, kind := range entry.Gets {
		if !slices.Contains(kinds, kind) {
			kinds = append(kinds, kind)
		}
	}
	return kinds
}

func kindNames(kinds []schema.GroupVersionKind) string {
	if len(kinds) == 0 {
		return "nothing else"
	}
	names := make([]string, len(kinds))
	for i, kind := range kinds {
		names[i] = kind.Kind
	}
	return strings.Join(names, ", ")
}

func operationNames(operations []rules.Operation) string {
	if len(operations) == 0 {
		return "CREATE, UPDATE, and at rest too"
	}
	names := make([]string, len(operations))
	for i, operation := range operations {
		names[i] = strings.Replace(string(operation), string(rules.Rest), "at rest", 1)
	}
	return strings.Join(names, ", ")
}
