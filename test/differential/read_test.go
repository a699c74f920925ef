package differential

import (
	. "github.com/onsi/gomega"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"greenlight.dev/greenlight/test/fixture"
)

// judged are the kinds that a rule judges.
var judged = []string{"Deployment", "Service", "StatefulSet", "ReplicaSet"}

// around are the kinds that a rule reads, in the order in which they can be made.
var around = append(judged, "Pod", "HorizontalPodAutoscaler", "PodDisruptionBudget", "ResourceQuota", "PersistentVolumeClaim", "EndpointSlice")

// read returns the objects of a file that are of these kinds.
func read(data []byte) []*unstructured.Unstructured {
	objects, err := fixture.Read(data, around)
	Expect(err).NotTo(HaveOccurred())
	return objects
}

func copies(objects []*unstructured.Unstructured) []*unstructured.Unstructured {
	copied := make([]*unstructured.Unstructured, len(objects))
	for i, object := range objects {
		copied[i] = object.DeepCopy()
	}
	return copied
}
