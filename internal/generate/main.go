// Command generate writes the documentation that rules and mutators carry: docs/rules, docs/injection.md.
package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"greenlight.dev/greenlight/mutate"
	"greenlight.dev/greenlight/rules"
)

func main() {
	if err := errors.Join(writePages(filepath.Join("docs", "rules")), writeInjection(filepath.Join("docs", "injection.md"))); err != nil {
		fmt.Fprintln(os.Stderr, "generate:", err)
		os.Exit(1)
	}
}

// writePages replaces the folder by one page a rule and an index.
func writePages(folder string) error {
	if err := os.RemoveAll(folder); err != nil {
		return err
	}
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	for _, entry := range rules.All {
		if err := os.WriteFile(filepath.Join(folder, entry.ID+".md"), []byte(page(entry)), 0o644); err != nil {
			return err
		}
	}
	return os.WriteFile(filepath.Join(folder, "README.md"), []byte(index(rules.All)), 0o644)
}

func page(entry rules.Entry) string {
	kinds := make([]string, len(entry.Kinds))
	for i, kind := range entry.Kinds {
		kinds[i] = kind.Kind
	}
	return fmt.Sprintf("%s\n## The rule\n\n| id | judges | baseline | strict |\n| --- | --- | --- | --- |\n| `%s` | %s | %s | %s |\n",
		entry.Doc, entry.ID, strings.Join(kinds, ", "), entry.Baseline, entry.Strict)
}

func index(entries []rules.Entry) string {
	var text strings.Builder
	text.WriteString("# Rules\n\n| rule | what it finds | baseline | strict |\n| --- | --- | --- | --- |\n")
	for _, entry := range entries {
		fmt.Fprintf(&text, "| [%s](%s.md) | %s | %s | %s |\n", entry.ID, entry.ID, entry.Title(), entry.Baseline, entry.Strict)
	}
	return text.String()
}

// writeInjection puts the docs of the mutators on one page, each a level lower.
func writeInjection(path string) error {
	var text strings.Builder
	text.WriteString("# What is injected\n")
	for _, mutator := range mutate.All {
		text.WriteString("\n" + demote(mutator.Doc))
	}
	return os.WriteFile(path, []byte(text.String()), 0o644)
}

var heading = regexp.MustCompile(`(?m)^#`)

func demote(doc string) string { return heading.ReplaceAllString(doc, "##") }
