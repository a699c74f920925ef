package manifest

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
	"k8s.io/apimachinery/pkg/runtime"
)

// parseLine is how a YAML parser begins what it says of a line, which it counts from the document's
// beginning.
var parseLine = regexp.MustCompile(`^\s*line (\d+): `)

var unknownField = regexp.MustCompile(`^unknown field "(.+)"$`)

// parseError says what the YAML parser said, with the file and the line in it.
func (d *Document) parseError(message string) error {
	message = strings.TrimPrefix(message, "yaml: ")
	line := 1
	if match := parseLine.FindStringSubmatch(message); match != nil {
		if counted, err := strconv.Atoi(match[1]); err == nil {
			line, message = counted, message[len(match[0]):]
		}
	}
	return fmt.Errorf("%s:%d: %s", d.File, d.Line+line-1, message)
}

// decodeError says why the document is not a typed object, each fault with its place.
func (d *Document) decodeError(err error) error {
	strict, isStrict := runtime.AsStrictDecodingError(err)
	switch {
	case isStrict:
		return d.strictErrors(strict.Errors())
	case d.root.Kind != yaml.MappingNode:
		return d.errorAt("", "this is not an object")
	case runtime.IsMissingKind(err):
		return d.errorAt("", "kind is missing")
	case runtime.IsMissingVersion(err):
		return d.errorAt("", "apiVersion is missing")
	case runtime.IsNotRegisteredError(err):
		return d.errorAt("kind", fmt.Sprintf("kind %s of %s is not known", d.value("kind"), d.value("apiVersion")))
	}
	return d.errorAt("", err.Error())
}

func (d *Document) strictErrors(faults []error) error {
	var errs []error
	for _, fault := range faults {
		if field := unknownField.FindStringSubmatch(fault.Error()); field != nil {
			errs = append(errs, d.errorAt(field[1], fault.Error()))
			continue
		}
		for line := range strings.Lines(strings.TrimPrefix(fault.Error(), "yaml: unmarshal errors:\n")) {
			errs = append(errs, d.parseError(strings.TrimSuffix(line, "\n")))
		}
	}
	return errors.Join(errs...)
}

func (d *Document) errorAt(path, message string) error {
	position := d.Position(path)
	return fmt.Errorf("%s:%d:%d: %s", d.File, position.Line, position.Column, message)
}

func (d *Document) value(field string) string {
	if _, value := member(d.root, field); value != nil {
		return value.Value
	}
	return ""
}
