package differential

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"slices"

	. "github.com/onsi/gomega"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	utilyaml "k8s.io/apimachinery/pkg/util/yaml"
	"sigs.k8s.io/yaml"
)

// judged are the kinds that a rule judges.
var judged = []string{"Deployment", "Service", "StatefulSet", "ReplicaSet"}

// around are the kinds that a rule reads, in the order in which they can be made.
var around = append(judged, "Pod", "HorizontalPodAutoscaler", "PodDisruptionBudget", "ResourceQuota", "PersistentVolumeClaim", "EndpointSlice")

// read returns the objects of a file that are of these kinds. What is no object is left out: it is the
// matter of other tests.
func read(data []byte) []*unstructured.Unstructured {
	var objects []*unstructured.Unstructured
	documents := utilyaml.NewYAMLReader(bufio.NewReader(bytes.NewReader(data)))
	for {
		document, err := documents.Read()
		if errors.Is(err, io.EOF) {
			return objects
		}
		Expect(err).NotTo(HaveOccurred())
		object := &unstructured.Unstructured{}
		if yaml.UnmarshalStrict(document, &object.Object) != nil || object.Object == nil {
			continue
		}
		objects = append(objects, flatten(object)...)
	}
}

func flatten(object *unstructured.Unstructured) []*unstructured.Unstructured {
	if !object.IsList() {
		if slices.Contains(around, object.GetKind()) && object.GetName() != "" {
			return []*unstructured.Unstructured{object}
		}
		return nil
	}
	var items []*unstructured.Unstructured
	// An item that is no object ends the list: what came before it counts.
	_ = object.EachListItem(func(item runtime.Object) error {
		items = append(items, flatten(item.(*unstructured.Unstructured))...)
		return nil
	})
	return items
}

func copies(objects []*unstructured.Unstructured) []*unstructured.Unstructured {
	copied := make([]*unstructured.Unstructured, len(objects))
	for i, object := range objects {
		copied[i] = object.DeepCopy()
	}
	return copied
}
