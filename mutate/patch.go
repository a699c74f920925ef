package mutate

import (
	"strconv"

	"github.com/go-json-experiment/json/jsontext"
)

// Patch is a JSON Patch (RFC 6902).
type Patch []Operation

// Operation is one operation of a JSON Patch.
type Operation struct {
	Op   string `json:"op"`
	Path string `json:"path"`
	// Value is what to add or to put in place: nil to remove.
	Value any `json:"value,omitempty"`
}

// Add sets the member at path, whether or not it is there.
func (p *Patch) Add(path jsontext.Pointer, value any) {
	*p = append(*p, Operation{Op: "add", Path: string(path), Value: value})
}

// Replace sets the member at path, which has to be there.
func (p *Patch) Replace(path jsontext.Pointer, value any) {
	*p = append(*p, Operation{Op: "replace", Path: string(path), Value: value})
}

// Remove takes the member at path away.
func (p *Patch) Remove(path jsontext.Pointer) {
	*p = append(*p, Operation{Op: "remove", Path: string(path)})
}

// The fields of a Deployment that are read or patched as JSON.
const (
	uidPath           jsontext.Pointer = "/metadata/uid"
	annotationsPath   jsontext.Pointer = "/metadata/annotations"
	managedFieldsPath jsontext.Pointer = "/metadata/managedFields"
	lastAppliedPath   jsontext.Pointer = "/metadata/annotations/kubectl.kubernetes.io~1last-applied-configuration"
	templatePath      jsontext.Pointer = "/spec/template"
	gracePath         jsontext.Pointer = "/spec/template/spec/terminationGracePeriodSeconds"
	containersPath    jsontext.Pointer = "/spec/template/spec/containers"
)

// containerPath returns where a field of a container is.
func containerPath(index int, fields ...string) jsontext.Pointer {
	path := containersPath.AppendToken(strconv.Itoa(index))
	for _, field := range fields {
		path = path.AppendToken(field)
	}
	return path
}
