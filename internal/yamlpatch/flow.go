package yamlpatch

import (
	"bytes"
	"strings"

	"go.yaml.in/yaml/v3"
)

const misplacedBrace = "the closing brace is not where it is expected"

// insertInFlow adds members in front of the closing brace of a mapping in flow style, of which JSON is one:
// on lines of their own where the mapping's members are.
func (t *text) insertInFlow(addition *addition) (edit, error) {
	open := t.open(addition.Node)
	final, closing := t.closing(open)
	if closing < 0 {
		return edit{}, t.errorAt(addition.Node, misplacedBrace)
	}
	prefix, step, err := t.layout(addition.Node, final, closing)
	if err != nil {
		return edit{}, err
	}
	style := t.flowStyle(addition.mapping)
	style.prefix, style.step, style.end = prefix, step, t.lineEnd(addition.Line)
	inserted, err := style.render(addition.members)
	if err != nil {
		return edit{}, t.errorAt(addition.Node, err.Error())
	}
	before := style.separator()
	switch t.data[final] {
	case '{':
		before = ""
	case ',':
		before = strings.TrimPrefix(before, ",")
	}
	return edit{offset: final + 1, text: before + inserted}, nil
}

// open returns where the opening brace of a mapping is, behind its tag and its anchor.
func (t *text) open(node *yaml.Node) int {
	offset := t.offset(node)
	return offset + max(0, bytes.IndexByte(t.data[offset:], '{'))
}

// layout returns the white space in front of each member and by how much a level is indented more: none
// where the members stand in one line.
func (t *text) layout(node *yaml.Node, final, closing int) (prefix, step string, err error) {
	if len(node.Content) == 0 || t.lineOf(closing) == t.lineOf(final) {
		return "", "", nil
	}
	if len(bytes.TrimSpace(t.data[final+1:t.lines[t.lineOf(final)]])) > 0 {
		return "", "", t.errorAt(node, "a comment stands behind its last member")
	}
	key := node.Content[len(node.Content)-2]
	prefix = t.indentation(key.Line)
	if len(bytes.TrimSpace(t.data[t.lines[key.Line-1]:t.offset(key)])) > 0 {
		return "", "", nil
	}
	step, indented := strings.CutPrefix(prefix, t.indentation(t.lineOf(closing)))
	if !indented || step == "" {
		step = strings.Repeat(" ", usualStep)
	}
	return prefix, step, nil
}

// closing returns where the brace is that closes the one at open, and what is written last in front of it:
// -1 where there is none.
func (t *text) closing(open int) (final, closing int) {
	depth, token := 0, true
	for i := open; i < len(t.data); i++ {
		switch c := t.data[i]; {
		case c == '{' || c == '[':
			depth, token = depth+1, true
		case c == '}' || c == ']':
			if depth, token = depth-1, false; depth == 0 {
				return final, i
			}
		case token && (c == '"' || c == '\''):
			i, token = t.quoteEnd(i), false
		case c == '#' && isSpace(t.data[i-1]):
			i = t.lines[t.lineOf(i)] - 1
			continue
		case isSpace(c):
			continue
		default:
			token = c == ',' || c == ':'
		}
		final = i
	}
	return -1, -1
}

// quoteEnd returns where the quote is that closes the one at open.
func (t *text) quoteEnd(open int) int {
	quote := t.data[open]
	for i := open + 1; i < len(t.data); i++ {
		switch {
		case quote == '"' && t.data[i] == '\\':
			i++
		case quote == '\'' && bytes.HasPrefix(t.data[i:], []byte("''")):
			i++
		case t.data[i] == quote:
			return i
		}
	}
	return len(t.data) - 1
}

func isSpace(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' }
