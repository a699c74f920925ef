package manifest

import (
	"errors"
	"fmt"

	"go.yaml.in/yaml/v3"
	"k8s.io/apimachinery/pkg/runtime/schema"
	clientscheme "k8s.io/client-go/kubernetes/scheme"

	"greenlight.dev/greenlight/state"
)

// Kind returns what the document says that it is: parts that are missing are empty.
func (d *Document) Kind() schema.GroupVersionKind {
	return schema.FromAPIVersionAndKind(d.value("apiVersion"), d.value("kind"))
}

// Object returns the document as a typed object in the version that rules read, with the API server's
// defaults filled in. Its error
// joins an Error for each unknown kind, field or duplicate key, and for a kind in a version that
// Kubernetes does not have any more.
func (d *Document) Object() (state.Object, error) {
	object, err := d.blank()
	if err != nil {
		return nil, err
	}
	if err := join(d.Duplicates(), d.decode(object)); err != nil {
		return nil, err
	}
	object = converted(object)
	SetDefaults(object)
	return object, nil
}

// blank returns an empty object of the document's kind.
func (d *Document) blank() (state.Object, error) {
	if err := d.Identified(); err != nil {
		return nil, err
	}
	blank, err := clientscheme.Scheme.New(d.Kind())
	if err != nil {
		return nil, d.errorAt("kind", fmt.Sprintf("kind %s of %s is not known", d.value("kind"), d.value("apiVersion")))
	}
	object, ok := blank.(state.Object)
	if !ok {
		return nil, d.errorAt("kind", fmt.Sprintf("a %s is not an object of the cluster", d.value("kind")))
	}
	return object, nil
}

// Identified returns an Error where the document does not say what it is, or says that it is of a version
// that Kubernetes does not have any more.
func (d *Document) Identified() error {
	kind := d.Kind()
	switch {
	case d.node().Kind != yaml.MappingNode:
		return d.errorAt("", "this is not an object")
	case kind.Kind == "":
		return d.errorAt("", "kind is missing")
	case kind.Version == "":
		return d.errorAt("", "apiVersion is missing")
	}
	if message := removed(kind); message != "" {
		return d.errorAt("apiVersion", message)
	}
	return nil
}

func (d *Document) value(field string) string {
	if _, value := member(d.node(), field); value != nil {
		return resolve(value).Value
	}
	return ""
}

// Objects returns the typed objects of every document of a file, and of the items of its lists.
func Objects(file string, data []byte) ([]state.Object, error) {
	documents, err := Split(file, data)
	if err != nil {
		return nil, err
	}
	var objects []state.Object
	var errs []error
	for _, document := range documents {
		for _, item := range document.Items() {
			object, err := item.Object()
			errs = append(errs, err)
			objects = append(objects, object)
		}
	}
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	return objects, nil
}

// IsManifest reports whether the document can be meant as an object of Kubernetes: one that says neither
// its kind nor its version is something else, such as the values of a chart.
func (d *Document) IsManifest() bool {
	return d.node().Kind != yaml.MappingNode || d.Kind() != schema.GroupVersionKind{}
}

// Name returns the name of the object that the document is: empty where it has none.
func (d *Document) Name() string {
	_, metadata := member(d.node(), "metadata")
	if metadata == nil {
		return ""
	}
	if _, name := member(resolve(metadata), "name"); name != nil {
		return resolve(name).Value
	}
	return ""
}
