package reliability

import (
	"encoding/json"
	"fmt"
	"strings"

	. "github.com/onsi/gomega"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// changed is the review for mutation after a change.
func changed(change func(review map[string]any)) []byte {
	var review map[string]any
	Expect(json.Unmarshal(captured.Mutate, &review)).To(Succeed())
	change(review)
	body, err := json.Marshal(review)
	Expect(err).NotTo(HaveOccurred())
	return body
}

// padded is a review of so many bytes.
func padded(size int) []byte {
	body := changed(func(review map[string]any) {
		set(review, strings.Repeat("x", size-len(captured.Mutate)), "request", "object", "metadata", "annotations", "padding")
	})
	Expect(len(body)).To(BeNumerically("~", size, 1000))
	return body
}

// before writes members before those of a review.
func before(members string, review []byte) []byte {
	return append([]byte("{"+members+","), review[1:]...)
}

// withContainers gives the Deployment so many containers with a port, of which the last is probed at another.
func withContainers(count int) func(review map[string]any) {
	return func(review map[string]any) {
		containers := make([]any, count)
		for i := range containers {
			containers[i] = map[string]any{
				"name": fmt.Sprintf("c%d", i), "image": "registry.example/c:1",
				"ports": []any{map[string]any{"containerPort": int64(8080)}},
			}
		}
		last := containers[count-1].(map[string]any)
		last["readinessProbe"] = map[string]any{"tcpSocket": map[string]any{"port": "absent"}}
		set(review, containers, "request", "object", "spec", "template", "spec", "containers")
	}
}

func set(document map[string]any, value any, path ...string) {
	Expect(unstructured.SetNestedField(document, value, path...)).To(Succeed())
}
