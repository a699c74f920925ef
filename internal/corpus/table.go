package main

import (
	"fmt"
	"slices"
	"strings"

	"greenlight.dev/greenlight/rules"
)

const introduction = `# What the rules find in public manifests

Made by ` + "`go run ./internal/corpus ../shared/corpus > docs/corpus.md`" + `, which judges each object of a
folder of public manifests beside this repository, by the baseline. What lies in the same folder is what is known of
its cluster, and there may be more: a rule that would have to know all is skipped.
`

// table writes what was found, as Markdown.
func table(files []*file) string {
	return introduction + byRule(files) + byFile(files) + unreadable(files)
}

func byRule(files []*file) string {
	var text strings.Builder
	text.WriteString("\n## By rule\n\nIn how many files a rule fires, and is skipped.\n\n| rule | baseline | fires | skipped |\n| --- | --- | --- | --- |\n")
	for _, entry := range rules.All {
		fires := count(files, func(f finding) bool { return f.rule == entry.ID && f.mode != skip })
		skipped := count(files, func(f finding) bool { return f.rule == entry.ID && f.mode == skip })
		fmt.Fprintf(&text, "| [%s](rules/%s.md) | %s | %d | %d |\n", entry.ID, entry.ID, entry.Baseline, fires, skipped)
	}
	return text.String()
}

func count(files []*file, holds func(finding) bool) int {
	count := 0
	for _, file := range files {
		if slices.ContainsFunc(file.found, holds) {
			count++
		}
	}
	return count
}

func byFile(files []*file) string {
	var text strings.Builder
	text.WriteString("\n## By file\n\nThe files of which a rule says anything.\n\n| file | deny | warn | skip |\n| --- | --- | --- | --- |\n")
	for _, file := range files {
		if len(file.found) > 0 {
			fmt.Fprintf(&text, "| %s | %s | %s | %s |\n", file.path, file.with("deny"), file.with("warn"), file.with(skip))
		}
	}
	return text.String()
}

// with lists the rules with findings of a mode, each once.
func (f *file) with(mode string) string {
	var found []string
	for _, finding := range f.found {
		if finding.mode == mode && !slices.Contains(found, finding.rule) {
			found = append(found, finding.rule)
		}
	}
	return strings.Join(found, ", ")
}

func unreadable(files []*file) string {
	var text strings.Builder
	text.WriteString("\n## What cannot be read\n\n")
	for _, file := range files {
		for _, why := range file.unreadable {
			for line := range strings.Lines(why) {
				text.WriteString("- " + strings.TrimSuffix(line, "\n") + "\n")
			}
		}
	}
	return text.String()
}
