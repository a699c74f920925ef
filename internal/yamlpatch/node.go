package yamlpatch

import (
	"encoding/json"

	"go.yaml.in/yaml/v3"
)

// mappingOf returns members as a mapping in block style.
func mappingOf(members []member) (*yaml.Node, error) {
	mapping := &yaml.Node{Kind: yaml.MappingNode}
	for _, member := range members {
		var key yaml.Node
		if err := key.Encode(member.key); err != nil {
			return nil, err
		}
		value, err := nodeOf(member.value, inBlock)
		if err != nil {
			return nil, err
		}
		mapping.Content = append(mapping.Content, &key, value)
	}
	return mapping, nil
}

// inBlock styles a node of a mapping in block style: what is empty has no lines to stand in.
func inBlock(node *yaml.Node) {
	if node.Kind != yaml.ScalarNode && len(node.Content) > 0 {
		node.Style = 0
	}
}

// nodeOf returns a JSON value as a node, with its members in their order, each styled by restyle.
func nodeOf(value json.RawMessage, restyle func(*yaml.Node)) (*yaml.Node, error) {
	var document yaml.Node
	if err := yaml.Unmarshal(value, &document); err != nil {
		return nil, err
	}
	return document.Content[0], style(document.Content[0], restyle)
}

func style(node *yaml.Node, restyle func(*yaml.Node)) error {
	if node.Kind == yaml.ScalarNode && node.Tag == "!!str" {
		// Encoding a text chooses the quotes that it needs.
		if err := node.Encode(node.Value); err != nil {
			return err
		}
	}
	for _, child := range node.Content {
		if err := style(child, restyle); err != nil {
			return err
		}
	}
	restyle(node)
	return nil
}
