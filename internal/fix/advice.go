package fix

import (
	"errors"
	"fmt"
	"strings"

	"greenlight.dev/greenlight/internal/check"
	"greenlight.dev/greenlight/internal/yamlpatch"
)

// refuse says what is to be done by hand.
func (w *work) refuse(need need, err error) {
	place := fault(need.Manifest, "").Place
	reason := err.Error()
	var refused *yamlpatch.Error
	if errors.As(err, &refused) {
		place.Line, place.Column, reason = need.Document.Line+refused.Line-1, refused.Column, refused.Message
	}
	var advice []string
	for _, operation := range need.operations {
		advice = append(advice, need.step(operation).todo())
	}
	w.errors = append(w.errors, check.Error{Place: place, Message: fmt.Sprintf("%s is not fixed: %s. By hand: %s",
		need.Reference(), reason, strings.Join(advice, "; "))})
}

// advise says what to write instead of fixing what was rendered.
func (w *work) advise(needs []need) {
	for _, need := range needs {
		patch, err := need.overlay()
		if err != nil {
			w.errors = append(w.errors, fault(need.Manifest, err.Error()))
			continue
		}
		w.errors = append(w.errors, fault(need.Manifest, fmt.Sprintf(
			"this is rendered from %s, and is not fixed. Add what is in this patch to the template, or the patch to the overlay:\n%s", w.file.Name, patch)))
	}
}

// fault is something to say of an object.
func fault(manifest check.Manifest, message string) check.Error {
	place := manifest.Document.Place("")
	return check.Error{
		Place:   check.Place{File: place.File, Line: place.Line, Column: place.Column},
		Message: fmt.Sprintf("%s: %s", manifest.Reference(), message),
	}
}
