// Package yamlpatch applies a JSON Patch to the text of a YAML or JSON document. It inserts, replaces and
// removes what the patch names, in the style of its surroundings, and leaves every other byte as it is. What
// it cannot do without harm it refuses, with the place to edit by hand.
package yamlpatch

import (
	"fmt"

	jsonpatch "github.com/evanphx/json-patch/v5"
)

// Error says why a document cannot be patched, and where in it. Line and Column are counted from 1.
type Error struct {
	Line, Column int
	Message      string
}

func (e *Error) Error() string { return fmt.Sprintf("%d:%d: %s", e.Line, e.Column, e.Message) }

// Apply returns one document with a patch applied that adds, replaces and removes members of mappings. Only
// scalars are replaced. The error is an Error, and then nothing is patched: the result is checked to mean
// just what the patch says.
func Apply(document []byte, patch jsonpatch.Patch) ([]byte, error) {
	if len(patch) == 0 {
		return document, nil
	}
	text, err := parse(document)
	if err != nil {
		return nil, err
	}
	edits, err := text.plan(patch)
	if err != nil {
		return nil, err
	}
	patched := perform(document, edits)
	if !means(patched, document, patch) {
		return nil, text.errorAt(text.root, "the text has a shape that cannot be edited without harm")
	}
	return patched, nil
}
