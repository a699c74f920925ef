package manifest

import (
	"fmt"

	"go.yaml.in/yaml/v3"
)

// Duplicates returns an error for each key that a mapping of the document has twice: a parser would
// silently take the last.
func (d *Document) Duplicates() error {
	return join(d.duplicates(d.node())...)
}

func (d *Document) duplicates(node *yaml.Node) []error {
	var errs []error
	for i := 0; node.Kind == yaml.MappingNode && i < len(node.Content); i += 2 {
		key := node.Content[i]
		if first := firstOf(node, key.Value); first != key && key.Kind == yaml.ScalarNode && !isMerge(key) {
			errs = append(errs, d.errorBeside(key, fmt.Sprintf("key %q is written on line %d already", key.Value, d.Line+first.Line-1)))
		}
	}
	for _, child := range node.Content {
		if len(child.Content) > 0 {
			errs = append(errs, d.duplicates(child)...)
		}
	}
	return errs
}

func firstOf(mapping *yaml.Node, name string) *yaml.Node {
	key, _ := member(mapping, name)
	return key
}
