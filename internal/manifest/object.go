package manifest

import (
	"fmt"

	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/runtime/serializer"
	clientscheme "k8s.io/client-go/kubernetes/scheme"

	"greenlight.dev/greenlight/state"
)

var decoder = serializer.NewCodecFactory(clientscheme.Scheme, serializer.EnableStrict).UniversalDeserializer()

// Object returns the document as a typed object, with the API server's defaults filled in. Its error
// says in which file and where, for an unknown kind, field or duplicate key, and for a kind in a version
// that Kubernetes does not have any more.
func (d *Document) Object() (state.Object, error) {
	if message := removed(schema.FromAPIVersionAndKind(d.value("apiVersion"), d.value("kind"))); message != "" {
		return nil, d.errorAt("apiVersion", message)
	}
	decoded, _, err := decoder.Decode(d.Data, nil, nil)
	if err != nil {
		return nil, d.decodeError(err)
	}
	object, ok := decoded.(state.Object)
	if !ok {
		return nil, d.errorAt("kind", fmt.Sprintf("a %s is not an object of the cluster", decoded.GetObjectKind().GroupVersionKind().Kind))
	}
	SetDefaults(object)
	return object, nil
}

// Objects returns the typed objects of every document of a file.
func Objects(file string, data []byte) ([]state.Object, error) {
	documents, err := Split(file, data)
	if err != nil {
		return nil, err
	}
	var objects []state.Object
	for _, document := range documents {
		object, err := document.Object()
		if err != nil {
			return nil, err
		}
		objects = append(objects, object)
	}
	return objects, nil
}
