package yamlpatch

import (
	"bytes"
	"strings"

	"go.yaml.in/yaml/v3"
)

// replace puts another value in the place of a scalar.
func (t *text) replace(in mapping, index int, added member) ([]edit, error) {
	key, value := in.Content[index], in.Content[index+1]
	end, ok := t.scalarEnd(value)
	if !ok {
		return nil, t.errorAt(key, added.key+" is there, with a value that only a person can replace")
	}
	scalar := edit{offset: t.offset(value)}
	scalar.length = end - scalar.offset
	if isBlock(in.Node) && added.isNested() {
		return t.replaceByLines(in, key, scalar, added)
	}
	rendered, err := t.flowStyle(in).value(added.value)
	if err != nil {
		return nil, t.errorAt(key, err.Error())
	}
	if t.data[scalar.offset-1] == ':' {
		rendered = " " + rendered
	}
	scalar.text = rendered
	return []edit{scalar}, nil
}

// replaceByLines puts lines below the key in the place of a scalar beside it: a comment there stays.
func (t *text) replaceByLines(in mapping, key *yaml.Node, scalar edit, added member) ([]edit, error) {
	indent, err := t.keyIndent(key)
	if err != nil {
		return nil, err
	}
	body, err := renderBlock([]member{added}, in.step)
	if err != nil {
		return nil, t.errorAt(key, err.Error())
	}
	_, below, _ := strings.Cut(body, "\n")
	before := bytes.TrimRight(t.data[:scalar.offset], " \t")
	scalar.length += scalar.offset - len(before)
	scalar.offset = len(before)
	return []edit{scalar, t.insertAfter(key.Line, indent, below)}, nil
}

// scalarEnd returns where a scalar ends that stands in one line by itself.
func (t *text) scalarEnd(node *yaml.Node) (int, bool) {
	begin := t.offset(node)
	const special = yaml.LiteralStyle | yaml.FoldedStyle | yaml.TaggedStyle
	switch {
	case node.Kind != yaml.ScalarNode || node.Anchor != "" || node.Style&special != 0:
		return 0, false
	case node.Style&(yaml.DoubleQuotedStyle|yaml.SingleQuotedStyle) != 0:
		return t.quoteEnd(begin) + 1, true
	}
	return begin + len(node.Value), bytes.HasPrefix(t.data[begin:], []byte(node.Value))
}
