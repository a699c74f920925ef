package yamlpatch

import (
	"bytes"
	"encoding/json"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
	"go.yaml.in/yaml/v3"
)

// Flow returns a JSON value as YAML in one line.
func Flow(value json.RawMessage) (string, error) { return flowStyle{}.value(value) }

// isNested reports whether a value takes lines of its own in block style.
func (m member) isNested() bool {
	value := bytes.TrimSpace(m.value)
	return len(value) > len("{}") && (value[0] == '{' || value[0] == '[')
}

// renderBlock writes members in block style, a level of them indented by step more than the one around it.
func renderBlock(members []member, step int) (string, error) {
	node, err := mappingOf(members)
	if err != nil {
		return "", err
	}
	var out strings.Builder
	encoder := yaml.NewEncoder(&out)
	encoder.SetIndent(step)
	if err := encoder.Encode(node); err != nil {
		return "", err
	}
	return out.String(), encoder.Close()
}

// flowStyle is how the members of a mapping in flow style are written.
type flowStyle struct {
	// quoted says that keys are in double quotes, as in JSON, and compact that there are no spaces.
	quoted, compact bool
	// prefix stands in front of each member in a line of its own, step in front of each level in it: both
	// are empty where all stand in one line. end ends a line.
	prefix, step, end string
}

// flowStyle returns the style of a mapping's members, or where it has none that of the mapping around it.
func (t *text) flowStyle(in mapping) flowStyle {
	key := in.key
	if len(in.Content) > 0 {
		key = in.Content[0]
	}
	quoted := key != nil && key.Style&yaml.DoubleQuotedStyle != 0
	return flowStyle{quoted: quoted, compact: quoted && !bytes.Contains(t.data, []byte(": "))}
}

func (s flowStyle) separator() string {
	switch {
	case s.prefix != "":
		return "," + s.end + s.prefix
	case s.compact:
		return ","
	}
	return ", "
}

func (s flowStyle) render(members []member) (string, error) {
	var rendered []string
	for _, member := range members {
		one, err := s.member(member)
		if err != nil {
			return "", err
		}
		rendered = append(rendered, one)
	}
	return strings.Join(rendered, s.separator()), nil
}

func (s flowStyle) member(added member) (string, error) {
	if s.quoted && s.prefix != "" {
		return s.lines(added)
	}
	object, err := json.Marshal(map[string]json.RawMessage{added.key: added.value})
	if err != nil {
		return "", err
	}
	rendered, err := s.value(object)
	return strings.TrimSuffix(strings.TrimPrefix(rendered, "{"), "}"), err
}

// lines writes a member as JSON in lines of its own.
func (s flowStyle) lines(added member) (string, error) {
	key, err := jsontext.AppendQuote(nil, added.key)
	if err != nil {
		return "", err
	}
	var value bytes.Buffer
	err = json.Indent(&value, added.value, s.prefix, s.step)
	return string(key) + ": " + strings.ReplaceAll(value.String(), "\n", s.end), err
}

// value writes a value in one line.
func (s flowStyle) value(value json.RawMessage) (string, error) {
	if s.compact {
		var out bytes.Buffer
		err := json.Compact(&out, value)
		return out.String(), err
	}
	node, err := nodeOf(value, s.restyle)
	if err != nil {
		return "", err
	}
	// Within brackets a text gets the quotes that it needs there.
	encoded, err := yaml.Marshal(&yaml.Node{Kind: yaml.SequenceNode, Style: yaml.FlowStyle, Content: []*yaml.Node{node}})
	return strings.TrimSuffix(strings.TrimPrefix(string(encoded), "["), "]\n"), err
}

func (s flowStyle) restyle(node *yaml.Node) {
	switch {
	case node.Kind != yaml.ScalarNode:
		node.Style = yaml.FlowStyle
	case s.quoted && node.Tag == "!!str" || strings.Contains(node.Value, "\n"):
		node.Style = yaml.DoubleQuotedStyle
	}
}
