package main

import (
	"os"
	"regexp"
	"strings"

	"greenlight.dev/greenlight/mutate"
)

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
