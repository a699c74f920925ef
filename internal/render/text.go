package render

import (
	"bytes"
	"fmt"
	"io"
	"strings"

	"greenlight.dev/greenlight/api/v1alpha1"
	"greenlight.dev/greenlight/internal/check"
)

// Text writes one line a finding, which grep finds, then its fix, and a summary.
func Text(w io.Writer, result *check.Result) error { return text(w, result, plain) }

// ColoredText writes the same for a terminal.
func ColoredText(w io.Writer, result *check.Result) error { return text(w, result, colored) }

// paint gives a text the colour of a mode.
type paint func(mode v1alpha1.Mode, text string) string

func plain(_ v1alpha1.Mode, text string) string { return text }

// The colours as terminals number them.
var colors = map[v1alpha1.Mode]int{v1alpha1.Deny: 31, v1alpha1.Warn: 33, v1alpha1.Audit: 36}

func colored(mode v1alpha1.Mode, text string) string {
	return fmt.Sprintf("\x1b[%dm%s\x1b[0m", colors[mode], text)
}

func text(w io.Writer, result *check.Result, paint paint) error {
	var out bytes.Buffer
	for _, finding := range result.Findings {
		fmt.Fprintf(&out, "%s:%d:%d %s %s %s: %s\n", finding.File, finding.Line, finding.Column,
			paint(finding.Mode, string(finding.Mode)), finding.Rule, oneLine(finding.Object.String()), oneLine(finding.Message))
		if finding.Fix != "" {
			fmt.Fprintf(&out, "    fix: %s\n", oneLine(finding.Fix))
		}
	}
	out.WriteString(summary(result.Summary, paint))
	_, err := w.Write(out.Bytes())
	return err
}

// oneLine keeps what a manifest says, such as a name, from breaking the line.
func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }

func summary(summary check.Summary, paint paint) string {
	count := func(mode v1alpha1.Mode, number int) string {
		text := fmt.Sprintf("%d %s", number, mode)
		if number == 0 {
			return text
		}
		return paint(mode, text)
	}
	return fmt.Sprintf("%s, %s: %s, %s, %s, %d exempted; %d not evaluated, %d not applicable, %s\n",
		plural(summary.Files, "file"), plural(summary.Objects, "object"),
		count(v1alpha1.Deny, summary.Deny), count(v1alpha1.Warn, summary.Warn), count(v1alpha1.Audit, summary.Audit),
		summary.Exempted, summary.Skipped, summary.NotApplicable, plural(summary.Errors, "error"))
}

func plural(count int, noun string) string {
	if count == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", count, noun)
}
