package reliability

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	admissionv1 "k8s.io/api/admission/v1"
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
		Entry("nested 100,000 deep", func() []byte {
			return []byte(`{"request":{"object":` + strings.Repeat("[", 100_000) + strings.Repeat("]", 100_000) + "}}")
		}, http.StatusBadRequest, "the body is not an AdmissionReview"),
		Entry("of an unknown version of AdmissionReview", func() []byte {
			return changed(func(review map[string]any) { review["apiVersion"] = "admission.k8s.io/v9" })
		}, http.StatusBadRequest, `the body is of apiVersion "admission.k8s.io/v9", kind "AdmissionReview"`),
		Entry("of an unknown version of Deployment", func() []byte {
			return changed(func(review map[string]any) { set(review, "v9", "request", "kind", "version") })
		}, http.StatusBadRequest, `apps/v9, kind "Deployment"`),
	)

	It("with 10,000 containers is judged to the last of them", func(ctx context.Context) {
		body := changed(withContainers(10_000))
		Expect(patched(ask(ctx, "/mutate/deployments", body))).To(Equal(map[string]int{
			"readinessProbe": 9_999, "lifecycle": 10_000, "terminationGracePeriodSeconds": 1, "greenlight.dev~1injected": 1,
		}))
		verdict := ask(ctx, "/validate/deployments", body)
		Expect(verdict.Allowed).To(BeFalse())
		Expect(verdict.Result.Message).To(ContainSubstring(
			`web denied by probe-port-undefined at spec.template.spec.containers[name="c9999"].readinessProbe.tcpSocket.port: `))
	})

	It("with a name twice is read as the API server would: the last value counts, and two objects are one", func(ctx context.Context) {
		var review admissionv1.AdmissionReview
		Expect(json.Unmarshal(captured.Validate, &review)).To(Succeed())
		replaced := before(`"kind":"Nothing","request":{"uid":"other"}`, captured.Validate)
		Expect(ask(ctx, "/validate/deployments", replaced).UID).To(Equal(review.Request.UID))
		joined := before(`"request":{"uid":"other"}`, changed(func(review map[string]any) {
			unstructured.RemoveNestedField(review, "request", "uid")
		}))
		Expect(ask(ctx, "/mutate/deployments", joined).UID).To(BeEquivalentTo("other"))
	})

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
		var operations []struct{ Op, Path string }
		Expect(json.Unmarshal(ask(ctx, "/mutate/deployments", body).Patch, &operations)).To(Succeed())
		Expect(operations).NotTo(BeEmpty())
		for _, operation := range operations {
			Expect("/spec/template/spec/unknownToGreenlight").NotTo(HavePrefix(operation.Path))
		}
	})
})
