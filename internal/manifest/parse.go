package manifest

import (
	"bytes"
	"regexp"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// parseLine is how the YAML parser begins what it says of a line, which it counts from the document's
// beginning.
var parseLine = regexp.MustCompile(`^line (\d+): `)

func (d *Document) parse() (empty bool, err error) {
	var node yaml.Node
	if err := yaml.Unmarshal(d.Data, &node); err != nil {
		return false, d.parseError(err.Error())
	}
	if node.Kind == 0 || node.Content[0].Tag == "!!null" {
		return true, nil
	}
	d.root = node.Content[0]
	d.begin = Position{d.root.Line, d.root.Column}
	return false, nil
}

// Forget lets go of the parsed document, which takes many times the memory of its text. It is parsed again when
// a place in it is asked for. An item of a list has no text of its own, and stays.
func (d *Document) Forget() {
	if d.Data != nil {
		d.root = nil
	}
}

// node returns the parsed document.
func (d *Document) node() *yaml.Node {
	if d.root == nil {
		_, _ = d.parse() // It was parsed before, without an error.
	}
	return d.root
}

// parseError says what the YAML parser said, at the beginning of the text of its line: it names no column.
func (d *Document) parseError(message string) error {
	message = strings.TrimPrefix(message, "yaml: ")
	line := 1
	if match := parseLine.FindStringSubmatch(message); match != nil {
		if counted, err := strconv.Atoi(match[1]); err == nil {
			line, message = counted, message[len(match[0]):]
		}
	}
	text := d.line(line)
	if bytes.Contains(text, []byte("{{")) {
		message += ": this looks like a template, which has to be rendered first"
	}
	column := 1 + len(text) - len(bytes.TrimLeft(text, " \t"))
	return &Error{Place: d.place("", &yaml.Node{Line: line, Column: column}), Message: message}
}

// line returns one line of the document, from 1: empty behind its end.
func (d *Document) line(number int) []byte {
	lines := bytes.SplitN(d.Data, []byte("\n"), number+1)
	if number > len(lines) {
		return nil
	}
	return lines[number-1]
}
