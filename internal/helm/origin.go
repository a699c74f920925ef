package helm

import (
	"slices"
	"strings"

	"greenlight.dev/greenlight/internal/manifest"
)

// origin returns where in its template a rendered line is written: on the line of the same text, or else
// of the same key. It is the template's first line where several can be meant.
func origin(template, rendered []byte) manifest.Origin {
	from, to := strings.Split(string(template), "\n"), strings.Split(string(rendered), "\n")
	return func(_ string, at manifest.Place) manifest.Place {
		for _, same := range []func(string) string{strings.TrimSpace, key} {
			line := traced(from, to, at.Line-1, same)
			if line < 0 {
				continue
			}
			column := at.Column + indentation(from[line]) - indentation(to[at.Line-1])
			return manifest.Place{File: at.File, Position: manifest.Position{Line: line + 1, Column: max(column, 1)}}
		}
		return manifest.Place{File: at.File, Position: manifest.Position{Line: 1, Column: 1}}
	}
}

// traced returns the index of the template's line that a rendered line comes from: -1 if it is not known.
func traced(from, to []string, line int, same func(string) string) int {
	if line >= len(to) || same(to[line]) == "" {
		return -1
	}
	written, rendered := alike(from, same, same(to[line])), alike(to, same, same(to[line]))
	switch len(written) {
	case 1:
		return written[0]
	case len(rendered):
		return written[slices.Index(rendered, line)]
	}
	return -1
}

func alike(lines []string, same func(string) string, text string) []int {
	var found []int
	for i, line := range lines {
		if same(line) == text {
			found = append(found, i)
		}
	}
	return found
}

// key is a line up to its colon.
func key(line string) string {
	before, _, found := strings.Cut(line, ":")
	if !found {
		return ""
	}
	return strings.TrimSpace(before)
}

func indentation(line string) int { return len(line) - len(strings.TrimLeft(line, " ")) }
