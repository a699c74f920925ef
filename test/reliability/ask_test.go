package reliability

import (
	"context"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"net/http"
	"path"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	admissionv1 "k8s.io/api/admission/v1"

	"greenlight.dev/greenlight/test/reviews"
)

// askAllowed sends a review that every rule allows, and fails at any other answer.
func askAllowed(ctx context.Context, client *http.Client, url string) error {
	response, err := reviews.Ask(ctx, client, url, captured.Validate)
	if err != nil {
		return err
	}
	if !response.Allowed {
		return fmt.Errorf("denied: %s", response.Result.Message)
	}
	return nil
}

// newCaller returns a caller that keeps its connection to a webhook until the spec ends, and sends it a review that every
// rule allows.
func newCaller(trusted *x509.CertPool, url string) func(context.Context) error {
	client := reviews.NewClient(trusted, 1)
	DeferCleanup(client.CloseIdleConnections)
	return func(ctx context.Context) error { return askAllowed(ctx, client, url+"/validate/deployments") }
}

// ask sends a review that gets a verdict.
func ask(ctx context.Context, at string, body []byte) *admissionv1.AdmissionResponse {
	GinkgoHelper()
	client := reviews.NewClient(guarded.Trusted(), 1)
	defer client.CloseIdleConnections()
	response, err := reviews.Ask(ctx, client, "https://"+guarded.Address()+at, body)
	Expect(err).NotTo(HaveOccurred())
	return response
}

// patched counts the operations of a patch by the field that each sets.
func patched(response *admissionv1.AdmissionResponse) map[string]int {
	var operations []struct{ Path string }
	Expect(json.Unmarshal(response.Patch, &operations)).To(Succeed())
	fields := map[string]int{}
	for _, operation := range operations {
		fields[path.Base(operation.Path)]++
	}
	return fields
}
