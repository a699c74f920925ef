package yamlpatch

import (
	"cmp"
	"encoding/json"
	"slices"

	jsonpatch "github.com/evanphx/json-patch/v5"
	"github.com/go-json-experiment/json/jsontext"
	"go.yaml.in/yaml/v3"
)

// edit puts text in the place of length bytes.
type edit struct {
	offset, length int
	text           string
}

// member is what is added to a mapping.
type member struct {
	key   string
	value json.RawMessage
}

// addition is all that is added to one mapping.
type addition struct {
	mapping
	members []member
}

// plan returns the edits that make the patch.
func (t *text) plan(patch jsonpatch.Patch) ([]edit, error) {
	var edits []edit
	var additions []*addition
	for _, operation := range patch {
		path, err := operation.Path()
		if err != nil {
			return nil, t.errorAt(t.root, err.Error())
		}
		into, err := t.find(jsontext.Pointer(path).Parent())
		if err != nil {
			return nil, err
		}
		member := member{key: jsontext.Pointer(path).LastToken(), value: valueOf(operation)}
		index := indexOf(into.Node, member.key)
		if index < 0 && operation.Kind() == "add" {
			additions = add(additions, into, member)
			continue
		}
		changes, err := t.change(into, index, operation.Kind(), member)
		if err != nil {
			return nil, err
		}
		edits = append(edits, changes...)
	}
	// Where two mappings end in the same line, what is written in the inner one comes first.
	slices.SortStableFunc(additions, func(a, b *addition) int {
		return cmp.Or(cmp.Compare(b.Line, a.Line), cmp.Compare(b.Column, a.Column))
	})
	for _, addition := range additions {
		inserted, err := t.insert(addition)
		if err != nil {
			return nil, err
		}
		edits = append(edits, inserted)
	}
	return edits, nil
}

// valueOf returns the value of an operation: null where it is null or left out.
func valueOf(operation jsonpatch.Operation) json.RawMessage {
	if value := operation["value"]; value != nil {
		return *value
	}
	return json.RawMessage("null")
}

func add(additions []*addition, into mapping, added member) []*addition {
	for _, addition := range additions {
		if addition.Node == into.Node {
			addition.members = append(addition.members, added)
			return additions
		}
	}
	return append(additions, &addition{into, []member{added}})
}

func (t *text) insert(addition *addition) (edit, error) {
	if isBlock(addition.Node) {
		return t.insertLines(addition)
	}
	return t.insertInFlow(addition)
}

// change replaces or removes the member at an index.
func (t *text) change(in mapping, index int, operation string, member member) ([]edit, error) {
	switch {
	case index < 0:
		return nil, t.errorAt(in.Node, "there is no "+member.key+" in it")
	case operation == "remove" && isBlock(in.Node):
		return t.removeLines(in, index)
	case operation == "remove":
		return t.removeFromFlow(in, index)
	case operation == "add" || operation == "replace":
		return t.replace(in, index, member)
	}
	return nil, t.errorAt(in.Node, "cannot "+operation+" "+member.key)
}

// perform makes the edits. An insertion comes in front of what is replaced at the same place.
func perform(data []byte, edits []edit) []byte {
	slices.SortStableFunc(edits, func(a, b edit) int {
		return cmp.Or(cmp.Compare(a.offset, b.offset), cmp.Compare(a.length, b.length))
	})
	var out []byte
	at := 0
	for _, edit := range edits {
		out = append(out, data[at:max(at, edit.offset)]...)
		out = append(out, edit.text...)
		at = max(at, edit.offset+edit.length)
	}
	return append(out, data[at:]...)
}

// last returns the node that is written last within a node.
func last(node *yaml.Node) *yaml.Node {
	for len(node.Content) > 0 {
		node = node.Content[len(node.Content)-1]
	}
	return node
}
