package yamlpatch

import (
	"fmt"
	"strconv"

	"github.com/go-json-experiment/json/jsontext"
	"go.yaml.in/yaml/v3"
)

// mapping is a mapping in the text.
type mapping struct {
	*yaml.Node
	// key is that of the mapping itself, or of the nearest mapping around it: nil at the root.
	key *yaml.Node
	// limit is the line of what comes behind the mapping.
	limit int
	// step is by how many columns mappings are indented here.
	step int
}

const usualStep = 2

// find returns the mapping at a path.
func (t *text) find(path jsontext.Pointer) (mapping, error) {
	found := mapping{Node: t.root, limit: t.end(t.root), step: usualStep}
	for token := range path.Tokens() {
		if err := t.own(found.Node); err != nil {
			return mapping{}, err
		}
		var err error
		if found, err = t.enter(found, token); err != nil {
			return mapping{}, err
		}
	}
	if err := t.own(found.Node); err != nil {
		return mapping{}, err
	}
	if found.Kind != yaml.MappingNode {
		return mapping{}, t.errorAt(found.Node, "this is not a mapping")
	}
	return found, nil
}

// own refuses a node that is, or is repeated, in more than one place: an edit would change them all.
func (t *text) own(node *yaml.Node) error {
	switch {
	case node.Kind == yaml.AliasNode:
		return t.errorAt(node, fmt.Sprintf("the alias *%s repeats what is written elsewhere, which an edit would change too", node.Value))
	case t.shared[node]:
		return t.errorAt(node, fmt.Sprintf("an alias repeats the anchor &%s elsewhere, which an edit would change too", node.Anchor))
	}
	return nil
}

func (t *text) enter(from mapping, token string) (mapping, error) {
	if from.Kind == yaml.SequenceNode {
		return t.enterItem(from, token)
	}
	index := indexOf(from.Node, token)
	switch {
	case index < 0 && indexOf(from.Node, "<<") >= 0:
		return mapping{}, t.errorAt(from.Node, fmt.Sprintf("<< may bring %s in from elsewhere, which an edit would change too", token))
	case index < 0:
		return mapping{}, t.errorAt(from.Node, fmt.Sprintf("there is no %s in it", token))
	}
	key, value := from.Content[index], from.Content[index+1]
	into := mapping{Node: value, key: key, limit: from.limit, step: from.step}
	if index+2 < len(from.Content) {
		into.limit = from.Content[index+2].Line
	}
	if value.Kind == yaml.MappingNode && isBlock(value) && value.Content[0].Column > key.Column {
		into.step = value.Content[0].Column - key.Column
	}
	return into, nil
}

func (t *text) enterItem(from mapping, token string) (mapping, error) {
	index, err := strconv.Atoi(token)
	if err != nil || index < 0 || index >= len(from.Content) {
		return mapping{}, t.errorAt(from.Node, fmt.Sprintf("there is no item %s in it", token))
	}
	into := from
	into.Node = from.Content[index]
	if index+1 < len(from.Content) {
		into.limit = from.Content[index+1].Line
	}
	return into, nil
}

// indexOf returns where in the content of a mapping the key is: -1 if it is not there.
func indexOf(node *yaml.Node, key string) int {
	for i := 0; node.Kind == yaml.MappingNode && i < len(node.Content); i += 2 {
		if node.Content[i].Value == key {
			return i
		}
	}
	return -1
}

// isBlock reports whether a mapping is written in lines of its own.
func isBlock(node *yaml.Node) bool { return node.Style&yaml.FlowStyle == 0 && len(node.Content) > 0 }
