package engine

import (
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/util/validation/field"

	"greenlight.dev/greenlight/rules"
)

// unknownParams returns an error for each parameter that is written and that the rule does not have.
func unknownParams(params any, raw []byte, path *field.Path) field.ErrorList {
	var written map[string]json.RawMessage
	if err := json.Unmarshal(raw, &written); err != nil {
		return field.ErrorList{field.Invalid(path, string(raw), "must be an object of parameters")}
	}
	known := paramNames(params)
	var errs field.ErrorList
	for _, name := range slices.Sorted(maps.Keys(written)) {
		if !slices.Contains(known, name) {
			errs = append(errs, field.Invalid(path.Child(name), string(written[name]), fmt.Sprintf(
				"there is no such parameter; the nearest is %q (all: %s)", rules.Nearest(name, known), strings.Join(known, ", "))))
		}
	}
	return errs
}

// paramNames returns the JSON names of the fields of a pointer to a struct, in their order.
func paramNames(params any) []string {
	var names []string
	for _, field := range reflect.VisibleFields(reflect.TypeOf(params).Elem()) {
		name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		names = append(names, name)
	}
	return names
}
