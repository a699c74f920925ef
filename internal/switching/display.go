package switching

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
)

// Terminal draws each look over the one before.
type Terminal struct {
	Out io.Writer
	// Width is how many columns there are: a line that is longer would be broken, and not be drawn over.
	Width func() int
	drawn int
}

// Show draws a look.
func (t *Terminal) Show(look Look) error {
	lines := append([]string{fmt.Sprintf("%s  %s", look.Heading(), elapsed(look))}, look.Bars()...)
	var out strings.Builder
	if t.drawn > 0 {
		fmt.Fprintf(&out, "\x1b[%dA\x1b[J", t.drawn)
	}
	for _, line := range lines {
		out.WriteString(cut(line, t.Width()) + "\n")
	}
	t.drawn = len(lines)
	_, err := io.WriteString(t.Out, out.String())
	return err
}

// cut keeps a line within a width, and what a cluster says from steering the terminal.
func cut(line string, width int) string {
	line = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return ' '
		}
		return r
	}, line)
	runes := []rune(line)
	if width < 2 || len(runes) <= width {
		return line
	}
	return string(runes[:width-1]) + "…"
}

// Log writes what has changed since the look before, a line each.
type Log struct {
	Out    io.Writer
	before []string
}

// Show writes what is new in a look.
func (l *Log) Show(look Look) error {
	lines := append([]string{look.Heading()}, look.Lines()...)
	for _, line := range lines {
		if slices.Contains(l.before, line) {
			continue
		}
		if _, err := fmt.Fprintf(l.Out, "%s %s\n", elapsed(look), cut(line, 0)); err != nil {
			return err
		}
	}
	l.before = lines
	return nil
}

func elapsed(look Look) time.Duration { return look.Elapsed.Truncate(time.Second) }
