package manifest

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"regexp"

	"go.yaml.in/yaml/v3"
	kjson "sigs.k8s.io/json"

	"greenlight.dev/greenlight/state"
)

var unknownField = regexp.MustCompile(`^unknown field "(.+)"$`)

// decode fills object from the document. Its error tells every fault with its place.
func (d *Document) decode(object state.Object) error {
	encoder := encoder{out: make([]byte, 0, len(d.Data))}
	if err := encoder.encode(d.node()); err != nil {
		return d.encodeError(err)
	}
	strict, err := kjson.UnmarshalStrict(encoder.out, object, kjson.DisallowUnknownFields)
	if err != nil {
		return d.typeError(err)
	}
	var faults []error
	for _, fault := range strict {
		path := ""
		if field := unknownField.FindStringSubmatch(fault.Error()); field != nil {
			path = field[1]
		}
		faults = append(faults, d.errorAt(path, fault.Error()))
	}
	return errors.Join(faults...)
}

func (d *Document) encodeError(err error) error {
	var fault *nodeError
	if errors.As(err, &fault) {
		return d.errorBeside(fault.node, fault.message)
	}
	return d.errorAt("", err.Error())
}

// typeError says which value is of the wrong type.
func (d *Document) typeError(err error) error {
	var mismatch *json.UnmarshalTypeError
	if !errors.As(err, &mismatch) {
		return d.errorAt("", err.Error())
	}
	return d.errorBeside(d.before(int(mismatch.Offset)), fmt.Sprintf("%s is of type %s: want %s", mismatch.Field, mismatch.Value, name(mismatch.Type)))
}

// before returns the node that is written last before an offset of the document's JSON.
func (d *Document) before(offset int) *yaml.Node {
	last := d.node()
	encoder := encoder{mark: func(begin int, node *yaml.Node) {
		if begin < offset {
			last = node
		}
	}}
	if err := encoder.encode(d.node()); err != nil {
		return d.node()
	}
	return last
}

// name is what JSON calls the type that a Go type is read from.
func name(kind reflect.Type) string {
	switch kind.Kind() {
	case reflect.Bool:
		return "bool"
	case reflect.String:
		return "string"
	case reflect.Slice, reflect.Array:
		return "array"
	case reflect.Struct, reflect.Map, reflect.Pointer:
		return "object"
	}
	return "number"
}
