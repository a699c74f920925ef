package manifest

import (
	"cmp"
	"errors"
	"fmt"
	"slices"

	"go.yaml.in/yaml/v3"
)

// Error is what is wrong at one place of a file.
type Error struct {
	Place
	Message string
}

func (e *Error) Error() string {
	return fmt.Sprintf("%s:%d:%d: %s", e.File, e.Line, e.Column, e.Message)
}

// Errors returns every Error that err joins, in the order of their places.
func Errors(err error) []*Error {
	var found []*Error
	collect(err, &found)
	slices.SortStableFunc(found, func(a, b *Error) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	return found
}

func collect(err error, found *[]*Error) {
	var placed *Error
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		for _, one := range joined.Unwrap() {
			collect(one, found)
		}
	} else if errors.As(err, &placed) {
		*found = append(*found, placed)
	}
}

// join returns the errors as one, in the order of their places: nil if there are none.
func join(errs ...error) error {
	var sorted []error
	for _, err := range Errors(errors.Join(errs...)) {
		sorted = append(sorted, err)
	}
	return errors.Join(sorted...)
}

func (d *Document) errorAt(path, message string) error {
	return &Error{Place: d.Place(path), Message: message}
}

func (d *Document) errorBeside(node *yaml.Node, message string) error {
	return &Error{Place: d.place("", node), Message: message}
}
