package render

import (
	"strings"

	"greenlight.dev/greenlight/internal/check"
)

// context is how many lines are shown before and after the one at fault.
const context = 3

// excerptLine is a line of a file.
type excerptLine struct {
	Number int
	Text   string
	// Marked is the line at fault.
	Marked bool
}

// excerpts cuts lines out of sources, each of which it splits once.
type excerpts struct {
	sources map[string][]byte
	lines   map[string][]string
}

// around returns the lines around a place: none where the file or the line is not known.
func (e *excerpts) around(place check.Place) []excerptLine {
	source, known := e.sources[place.File]
	if !known {
		return nil
	}
	if _, split := e.lines[place.File]; !split {
		e.lines[place.File] = strings.Split(strings.TrimSuffix(string(source), "\n"), "\n")
	}
	lines := e.lines[place.File]
	if place.Line < 1 || place.Line > len(lines) {
		return nil
	}
	var excerpt []excerptLine
	for number := max(1, place.Line-context); number <= min(len(lines), place.Line+context); number++ {
		excerpt = append(excerpt, excerptLine{number, strings.TrimRight(lines[number-1], "\r"), number == place.Line})
	}
	return excerpt
}
