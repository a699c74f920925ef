package manifest

import (
	"fmt"

	"github.com/go-json-experiment/json/jsontext"
	"go.yaml.in/yaml/v3"
)

// mostNodes bounds what the aliases of one document can grow to: an object of the API server is at most a
// few megabytes.
const mostNodes = 1 << 20

// encoder writes YAML nodes as JSON, as the API server's clients would: YAML 1.1 says what is true.
type encoder struct {
	out   []byte
	nodes int
	// open are the anchors whose nodes are being written.
	open map[*yaml.Node]bool
	// mark is told where in out each value begins, if it is set.
	mark func(offset int, node *yaml.Node)
}

// nodeError is what is wrong with one node.
type nodeError struct {
	node    *yaml.Node
	message string
}

func (e *nodeError) Error() string { return e.message }

func (e *encoder) encode(node *yaml.Node) error {
	if e.nodes++; e.nodes > mostNodes {
		return &nodeError{node, fmt.Sprintf("the document has more than %d values, aliases included", mostNodes)}
	}
	if e.mark != nil {
		e.mark(len(e.out), node)
	}
	switch node.Kind {
	case yaml.MappingNode:
		return e.mapping(node)
	case yaml.SequenceNode:
		return e.sequence(node)
	case yaml.AliasNode:
		return e.alias(node)
	}
	return e.scalar(node)
}

func (e *encoder) alias(node *yaml.Node) error {
	if e.open[node.Alias] {
		return &nodeError{node, fmt.Sprintf("the anchor %q contains itself", node.Value)}
	}
	if e.open == nil {
		e.open = map[*yaml.Node]bool{}
	}
	e.open[node.Alias] = true
	defer delete(e.open, node.Alias)
	return e.encode(node.Alias)
}

func (e *encoder) sequence(node *yaml.Node) error {
	e.out = append(e.out, '[')
	for i, item := range node.Content {
		if i > 0 {
			e.out = append(e.out, ',')
		}
		if err := e.encode(item); err != nil {
			return err
		}
	}
	e.out = append(e.out, ']')
	return nil
}

func (e *encoder) mapping(node *yaml.Node) error {
	pairs, err := merged(node)
	if err != nil {
		return err
	}
	e.out = append(e.out, '{')
	for i := 0; i < len(pairs); i += 2 {
		if i > 0 {
			e.out = append(e.out, ',')
		}
		if err := e.key(resolve(pairs[i])); err != nil {
			return err
		}
		e.out = append(e.out, ':')
		if err := e.encode(pairs[i+1]); err != nil {
			return err
		}
	}
	e.out = append(e.out, '}')
	return nil
}

// key writes a key. JSON has only texts there, so a number is written as one.
func (e *encoder) key(node *yaml.Node) error {
	switch {
	case node.Kind == yaml.MappingNode:
		return &nodeError{node, "a key cannot be a mapping: a template has to be rendered first"}
	case node.Kind != yaml.ScalarNode || node.Tag == nullTag:
		return &nodeError{node, "a key has to be a text"}
	}
	begin := len(e.out)
	if err := e.scalar(node); err != nil || e.out[begin] == '"' {
		return err
	}
	written := string(e.out[begin:])
	return e.text(node, e.out[:begin], written)
}

func (e *encoder) text(node *yaml.Node, out []byte, text string) error {
	quoted, err := jsontext.AppendQuote(out, text)
	if err != nil {
		return &nodeError{node, err.Error()}
	}
	e.out = quoted
	return nil
}
