package fix

import (
	"strings"

	"github.com/pmezard/go-difflib/difflib"
)

// around is how many lines a diff shows around a change.
const around = 3

// Diff returns the change as a unified diff that patch and git apply take.
func (f File) Diff() (string, error) {
	return difflib.GetUnifiedDiffString(difflib.UnifiedDiff{
		A: lines(f.Before), B: lines(f.After),
		FromFile: "a/" + f.Name, ToFile: "b/" + f.Name, Context: around,
	})
}

// lines splits a text, and marks a last line without an end as diffs do.
func lines(text []byte) []string {
	var lines []string
	for line := range strings.Lines(string(text)) {
		if !strings.HasSuffix(line, "\n") {
			line += "\n\\ No newline at end of file\n"
		}
		lines = append(lines, line)
	}
	return lines
}
