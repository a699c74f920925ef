package yamlpatch

import (
	"bytes"
	"strings"

	"go.yaml.in/yaml/v3"
)

// insertLines adds members behind the last line of a mapping in block style.
func (t *text) insertLines(addition *addition) (edit, error) {
	indent, err := t.keyIndent(addition.Content[0])
	if err != nil {
		return edit{}, err
	}
	body, err := renderBlock(addition.members, addition.step)
	if err != nil {
		return edit{}, t.errorAt(addition.Node, err.Error())
	}
	return t.insertAfter(t.lastLine(addition.Node, addition.limit, indent), indent, body), nil
}

// keyIndent returns how far the keys of a mapping are indented. The first one may stand behind the dash of
// an item.
func (t *text) keyIndent(key *yaml.Node) (int, error) {
	before := t.data[t.lines[key.Line-1]:t.offset(key)]
	if len(bytes.Trim(before, " -")) > 0 {
		return 0, t.errorAt(key, "the key does not stand in a line of its own")
	}
	return key.Column - 1, nil
}

// lastLine returns the last line of a mapping whose keys are indented by indent. A comment that is indented
// like its keys counts to it, and what is written less far to what comes next.
func (t *text) lastLine(node *yaml.Node, limit, indent int) int {
	begin := last(node).Line
	for line := limit - 1; line > begin; line-- {
		written := len(bytes.TrimSpace(t.line(line))) > 0
		if written && len(t.indentation(line)) >= indent {
			return line
		}
	}
	return begin
}

// insertAfter puts lines behind a line, each indented. The last line of a file may lack its end, and then
// goes on doing so.
func (t *text) insertAfter(line, indent int, body string) edit {
	end := t.lineEnd(line)
	var lines []string
	for content := range strings.Lines(body) {
		lines = append(lines, strings.Repeat(" ", indent)+strings.TrimSuffix(content, "\n"))
	}
	inserted := strings.Join(lines, end)
	offset := t.lines[line]
	if breaks := bytes.TrimRight(t.line(line), "\r\n\u0085\u2028\u2029"); len(breaks) == len(t.line(line)) {
		return edit{offset: offset, text: end + inserted}
	}
	return edit{offset: offset, text: inserted + end}
}
