package yamlpatch

import (
	"encoding/json"
	"reflect"

	jsonpatch "github.com/evanphx/json-patch/v5"
	"sigs.k8s.io/yaml"
)

// means reports whether a text means what the patch makes of the original. It reads both as Kubernetes does,
// and not with the parser that found the places to edit. JSON has to stay JSON.
func means(patched, original []byte, patch jsonpatch.Patch) bool {
	if json.Valid(original) && !json.Valid(patched) {
		return false
	}
	before, err := yaml.YAMLToJSON(original)
	if err != nil {
		return false
	}
	want, err := patch.Apply(before)
	if err != nil {
		return false
	}
	got, err := yaml.YAMLToJSON(patched)
	return err == nil && equal(want, got)
}

func equal(a, b []byte) bool {
	var one, other any
	return json.Unmarshal(a, &one) == nil && json.Unmarshal(b, &other) == nil && reflect.DeepEqual(one, other)
}
