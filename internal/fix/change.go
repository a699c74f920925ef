package fix

import (
	"cmp"
	"slices"

	"github.com/go-json-experiment/json/jsontext"

	"greenlight.dev/greenlight/internal/check"
	"greenlight.dev/greenlight/internal/manifest"
)

// changesIn returns what was done for needs, each where it is now, in a document that begins behind so many
// lines of its file.
func changesIn(document []byte, file string, before int, needs []need) ([]Change, error) {
	if len(needs) == 0 {
		return nil, nil
	}
	documents, err := manifest.Split(file, document)
	if err != nil {
		return nil, err
	}
	patched := map[jsontext.Pointer]manifest.Document{}
	for _, document := range documents {
		for _, item := range document.Items() {
			patched[item.Pointer] = item
		}
	}
	var changes []Change
	for _, need := range needs {
		written := patched[need.Document.Pointer]
		for _, operation := range need.operations {
			position := written.Position(fieldPath(jsontext.Pointer(operation.Path)))
			changes = append(changes, Change{
				Place:  check.Place{File: file, Line: before + position.Line, Column: position.Column},
				Object: need.Reference(), Message: need.step(operation).done(),
			})
		}
	}
	slices.SortStableFunc(changes, func(a, b Change) int { return cmp.Compare(a.Line, b.Line) })
	return changes, nil
}
