package switching

import (
	"fmt"
	"strings"

	"greenlight.dev/greenlight/api/v1alpha1"
	"greenlight.dev/greenlight/internal/engine"
	"greenlight.dev/greenlight/traffic"
)

// barWidth is how many cells a bar has.
const barWidth = 20

// Heading says what is switched.
func (l Look) Heading() string {
	if l.Change == "" {
		return fmt.Sprintf("Service %s selects that already", l.Service())
	}
	return fmt.Sprintf("Service %s: %s", l.Service(), l.Change)
}

// Bars are the lines of a look for a terminal: a bar for each workload, and below it what it waits for.
func (l Look) Bars() []string {
	var lines []string
	for _, progress := range l.Progress {
		lines = append(lines, fmt.Sprintf("  %s %s %d/%d available", bar(progress), progress.Name, progress.Available, progress.Desired))
		for _, reason := range progress.Waiting {
			lines = append(lines, "      "+reason)
		}
	}
	return append(lines, l.told("  ")...)
}

// Lines are the lines of a look for a log: one for each workload.
func (l Look) Lines() []string {
	var lines []string
	for _, progress := range l.Progress {
		line := fmt.Sprintf("%s %d/%d available", progress.Name, progress.Available, progress.Desired)
		if len(progress.Waiting) > 0 {
			line += ": " + strings.Join(progress.Waiting, "; ")
		}
		lines = append(lines, line)
	}
	return append(lines, l.told("")...)
}

// told are the findings, but for the one that says the same as the progress.
func (l Look) told(indent string) []string {
	var lines []string
	for _, finding := range l.Verdict.Findings {
		if finding.Mode != v1alpha1.Deny || !l.shownAsProgress(finding) {
			lines = append(lines, fmt.Sprintf("%s%s %s: %s", indent, finding.Mode, finding.Rule, finding.Message))
		}
	}
	return lines
}

func (l Look) shownAsProgress(finding engine.Finding) bool {
	waiting := 0
	for _, progress := range l.Progress {
		waiting += len(progress.Waiting)
	}
	return waiting > 0 && finding.Rule == "service-switch-not-ready"
}

func bar(progress traffic.Progress) string {
	full := 0
	if progress.Desired > 0 {
		full = min(barWidth, barWidth*progress.Available/progress.Desired)
	}
	return strings.Repeat("█", full) + strings.Repeat("░", barWidth-full)
}
