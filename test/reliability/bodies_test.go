package reliability

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"greenlight.dev/greenlight/test/reviews"
)

const mebibyte = 1 << 20

var _ = Describe("a body", func() {
	DescribeTable("gets a right answer or a clear refusal", func(ctx context.Context, body func() []byte, status int, text string) {
		client := reviews.NewClient(guarded.Trusted(), 1)
		defer client.CloseIdleConnections()
		for _, path := range []string{"/validate/deployments", "/mutate/deployments"} {
			got, answer, err := reviews.Post(ctx, client, "https://"+guarded.Address()+path, body())
			Expect(err).NotTo(HaveOccurred())
			Expect(got).To(Equal(status), "%s: %.300s", path, answer)
			Expect(string(answer)).To(ContainSubstring(text), path)
		}
	},
		Entry("of 1 byte", func() []byte { return []byte("{") }, http.StatusBadRequest, "the body is not an AdmissionReview"),
		Entry("of nothing", func() []byte { return nil }, http.StatusBadRequest, "the body is not an AdmissionReview"),
		Entry("of 19 MiB", func() []byte { return padded(19 * mebibyte) }, http.StatusOK, `"allowed":true`),
		Entry("of 25 MiB", func() []byte { return padded(25 * mebibyte) }, http.StatusRequestEntityTooLarge, "the body is larger than 20 MiB, the most that is read"),
		Entry("with 10,000 containers", func() []byte { return changed(withContainers(10_000)) }, http.StatusOK, `"uid":`),
		Entry("nested 100,000 deep", func() []byte {
			return []byte(`{"request":{"object":` + strings.Repeat("[", 100_000) + strings.Repeat("]", 100_000) + "}}")
		}, http.StatusBadRequest, "the body is not an AdmissionReview"),
		Entry("with names twice, of which the last counts", twice, http.StatusOK, `"allowed":true`),
		Entry("of an unknown version of AdmissionReview", func() []byte {
			return changed(func(review map[string]any) { review["apiVersion"] = "admission.k8s.io/v9" })
		}, http.StatusBadRequest, `the body is of apiVersion "admission.k8s.io/v9", kind "AdmissionReview"`),
		Entry("of an unknown version of Deployment", func() []byte {
			return changed(func(review map[string]any) { set(review, "v9", "request", "kind", "version") })
		}, http.StatusBadRequest, `apps/v9, kind "Deployment"`),
	)

	It("of another content type is refused", func(ctx context.Context) {
		request, err := http.NewRequestWithContext(ctx, http.MethodPost, "https://"+guarded.Address()+"/mutate/deployments", bytes.NewReader(captured.Mutate))
		Expect(err).NotTo(HaveOccurred())
		request.Header.Set("Content-Type", "application/yaml")
		response, err := reviews.NewClient(guarded.Trusted(), 1).Do(request)
		Expect(err).NotTo(HaveOccurred())
		defer response.Body.Close()
		Expect(response.StatusCode).To(Equal(http.StatusUnsupportedMediaType))
	})

	It("with unknown fields keeps them through a patch", func(ctx context.Context) {
		body := changed(func(review map[string]any) {
			set(review, "kept", "request", "object", "spec", "template", "spec", "unknownToGreenlight")
		})
		client := reviews.NewClient(guarded.Trusted(), 1)
		defer client.CloseIdleConnections()
		response, err := reviews.Ask(ctx, client, "https://"+guarded.Address()+"/mutate/deployments", body)
		Expect(err).NotTo(HaveOccurred())
		var operations []struct{ Op, Path string }
		Expect(json.Unmarshal(response.Patch, &operations)).To(Succeed())
		Expect(operations).NotTo(BeEmpty())
		for _, operation := range operations {
			Expect("/spec/template/spec/unknownToGreenlight").NotTo(HavePrefix(operation.Path))
		}
	})
})

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

// twice gives the AdmissionReview a kind before its own.
func twice() []byte {
	return append([]byte(`{"kind":"Nothing","request":{"uid":"other"},`), captured.Mutate[1:]...)
}

func withContainers(count int) func(review map[string]any) {
	return func(review map[string]any) {
		containers := make([]any, count)
		for i := range containers {
			containers[i] = map[string]any{"name": fmt.Sprintf("c%d", i), "image": "registry.example/c:1"}
		}
		set(review, containers, "request", "object", "spec", "template", "spec", "containers")
	}
}

func set(document map[string]any, value any, path ...string) {
	Expect(unstructured.SetNestedField(document, value, path...)).To(Succeed())
}
