package manifest

import (
	"regexp"
	"strconv"

	"go.yaml.in/yaml/v3"
)

// Position is a place in a file, from 1.
type Position struct{ Line, Column int }

// Place is a position and the file that it is in.
type Place struct {
	File string
	Position
}

// Origin says where what was rendered at a place is written: path is the field that is asked for, empty
// where it is not known.
type Origin func(path string, rendered Place) Place

// segment is one step of a field path: .name, [0], [key] or [name="value"].
var segment = regexp.MustCompile(`^(?:\.?([^.\[\]]+)|\[(\d+)\]|\[(\w+)="([^"]*)"\]|\[([^\]]+)\])`)

// Position returns where a field path, as field.Path prints it, is written in the document's file: of
// an absent field its nearest written ancestor. A list item may be named by one of its fields:
// containers[name="web"].
func (d *Document) Position(path string) Position { return d.Place(path).Position }

// Place returns the same with its file: of a document that was rendered, where it comes from.
func (d *Document) Place(path string) Place {
	if path == "" {
		return d.placeAt(path, d.begin)
	}
	node, _ := d.find(path)
	return d.place(path, node)
}

// Has reports whether a field is written in the document.
func (d *Document) Has(path string) bool {
	_, found := d.find(path)
	return found
}

func (d *Document) place(path string, node *yaml.Node) Place {
	return d.placeAt(path, Position{node.Line, node.Column})
}

// placeAt returns the place of a position within Data.
func (d *Document) placeAt(path string, at Position) Place {
	place := Place{d.File, Position{Line: at.Line + d.Line - 1, Column: at.Column}}
	if d.origin != nil {
		return d.origin(path, place)
	}
	return place
}

// find returns the node of a field where a person sees it written, or of its nearest written ancestor.
func (d *Document) find(path string) (at *yaml.Node, found bool) {
	node, at := d.node(), d.node()
	for path != "" {
		step := segment.FindStringSubmatch(path)
		if step == nil {
			return at, false
		}
		path = path[len(step[0]):]
		key, value := descend(resolve(node), step)
		if value == nil {
			return at, false
		}
		node, at = value, key
	}
	return at, true
}

// descend returns the node that one step leads to, and the node where a person sees it written.
func descend(node *yaml.Node, step []string) (key, value *yaml.Node) {
	name, index, itemKey, itemValue, mapKey := step[1], step[2], step[3], step[4], step[5]
	switch {
	case node.Kind == yaml.SequenceNode && index != "":
		if i, err := strconv.Atoi(index); err == nil && i < len(node.Content) {
			return node.Content[i], node.Content[i]
		}
	case node.Kind == yaml.SequenceNode:
		for _, item := range node.Content {
			if _, found := member(resolve(item), itemKey); found != nil && found.Value == itemValue {
				return item, item
			}
		}
	case node.Kind == yaml.MappingNode:
		return member(node, name+index+mapKey)
	}
	return nil, nil
}

func member(node *yaml.Node, name string) (key, value *yaml.Node) {
	for i := 0; i+1 < len(node.Content) && node.Kind == yaml.MappingNode; i += 2 {
		if node.Content[i].Value == name {
			return node.Content[i], node.Content[i+1]
		}
	}
	return nil, nil
}

func resolve(node *yaml.Node) *yaml.Node {
	if node.Kind == yaml.AliasNode {
		return node.Alias
	}
	return node
}
