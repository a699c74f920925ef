package install

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"io"
	"net/http"

	admissionv1 "k8s.io/api/admission/v1"
)

// Review asks the webhook itself, past the API server.
func (i *Installation) Review(ctx context.Context, path string, request *admissionv1.AdmissionRequest) (*admissionv1.AdmissionResponse, error) {
	review := admissionv1.AdmissionReview{Request: request}
	review.SetGroupVersionKind(admissionv1.SchemeGroupVersion.WithKind("AdmissionReview"))
	body, err := json.Marshal(review)
	if err != nil {
		return nil, err
	}
	post, err := http.NewRequestWithContext(ctx, http.MethodPost, "https://"+local(i.process.port)+path, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	post.Header.Set("Content-Type", "application/json")
	client := i.process.client()
	defer client.CloseIdleConnections()
	answer, err := client.Do(post)
	if err != nil {
		return nil, fmt.Errorf("asking %s: %w", i.process.name, err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		return nil, err
	}
	if answer.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%s answers %s: %s", i.process.name, answer.Status, text)
	}
	err = json.Unmarshal(text, &review)
	return review.Response, err
}

func (p process) client() *http.Client {
	trusted := x509.NewCertPool()
	trusted.AppendCertsFromPEM(p.authority)
	return &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: trusted}}}
}
