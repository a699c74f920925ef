package yamlpatch

import (
	"bytes"
	"sort"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
)

const byteOrderMark = "\ufeff"

// text is a document with the nodes that are written in it.
type text struct {
	data []byte
	root *yaml.Node
	// lines are the offsets at which the lines begin, and that of the end.
	lines []int
	// shared are the nodes that an alias repeats elsewhere.
	shared map[*yaml.Node]bool
}

func parse(data []byte) (*text, error) {
	var document yaml.Node
	if err := yaml.Unmarshal(data, &document); err != nil {
		return nil, &Error{Line: 1, Column: 1, Message: strings.TrimPrefix(err.Error(), "yaml: ")}
	}
	if document.Kind == 0 {
		return nil, &Error{Line: 1, Column: 1, Message: "the document is empty"}
	}
	t := &text{data: data, root: document.Content[0], lines: lineOffsets(data), shared: map[*yaml.Node]bool{}}
	t.markShared(t.root)
	return t, nil
}

func (t *text) markShared(node *yaml.Node) {
	if node.Kind == yaml.AliasNode {
		t.shared[node.Alias] = true
	}
	for _, child := range node.Content {
		t.markShared(child)
	}
}

// lineOffsets breaks lines where the parser does, which counts by YAML 1.1. It does not count a byte order
// mark as a column.
func lineOffsets(data []byte) []int {
	begin := 0
	if bytes.HasPrefix(data, []byte(byteOrderMark)) {
		begin = len(byteOrderMark)
	}
	offsets := []int{begin}
	for i := begin; i < len(data); {
		size := breakLength(data[i:])
		if size > 0 {
			offsets = append(offsets, i+size)
		}
		i += max(size, 1)
	}
	return append(offsets, len(data))
}

// breakLength returns the length of the line break with which data begins: 0 if it begins with none.
func breakLength(data []byte) int {
	for _, end := range []string{"\r\n", "\n", "\r", "\u0085", "\u2028", "\u2029"} {
		if bytes.HasPrefix(data, []byte(end)) {
			return len(end)
		}
	}
	return 0
}

// line returns a line with its end, counted from 1.
func (t *text) line(number int) []byte { return t.data[t.lines[number-1]:t.lines[number]] }

// indentation returns the white space with which a line begins.
func (t *text) indentation(line int) string {
	content := t.line(line)
	return string(content[:len(content)-len(bytes.TrimLeft(content, " \t"))])
}

// lineEnd returns the line break in use at a line.
func (t *text) lineEnd(line int) string {
	for ; line > 0; line-- {
		content := t.line(line)
		if ended := bytes.TrimRight(content, "\r\n"); len(ended) < len(content) {
			return string(content[len(ended):])
		}
	}
	return "\n"
}

// offset returns where a node begins: its column counts characters.
func (t *text) offset(node *yaml.Node) int {
	at := t.lines[node.Line-1]
	for range node.Column - 1 {
		_, size := utf8.DecodeRune(t.data[at:])
		at += size
	}
	return at
}

// lineOf returns the line of an offset, from 1.
func (t *text) lineOf(offset int) int {
	return sort.Search(len(t.lines)-1, func(line int) bool { return t.lines[line] > offset })
}

// end returns the line behind the last one: that of the end marker where there is one.
func (t *text) end(root *yaml.Node) int {
	for line := root.Line; line < len(t.lines); line++ {
		if content := bytes.TrimRight(t.line(line), "\r\n"); string(content) == "..." || bytes.HasPrefix(content, []byte("... ")) {
			return line
		}
	}
	return len(t.lines)
}

func (t *text) errorAt(node *yaml.Node, message string) error {
	return &Error{Line: node.Line, Column: node.Column, Message: message}
}
