package reviews

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"
	admissionv1 "k8s.io/api/admission/v1"
)

// NewClient returns a client that speaks as the API server does to webhooks: HTTP/1.1 over connections of which so many
// are kept alive, and with as much patience for a handshake.
func NewClient(trusted *x509.CertPool, connections int) *http.Client {
	return &http.Client{Transport: &http.Transport{
		TLSClientConfig:     &tls.Config{RootCAs: trusted},
		TLSHandshakeTimeout: 10 * time.Second,
		MaxIdleConnsPerHost: connections,
	}}
}

// Post sends a review and returns the status and the body of the answer.
func Post(ctx context.Context, client *http.Client, url string, body []byte) (status int, answer []byte, err error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewReader(body))
	if err != nil {
		return 0, nil, err
	}
	request.Header.Set("Content-Type", "application/json")
	response, err := client.Do(request)
	if err != nil {
		return 0, nil, err
	}
	defer response.Body.Close()
	answer, err = io.ReadAll(response.Body)
	return response.StatusCode, answer, err
}

// Ask sends a review and returns the verdict. Anything but one is an error.
func Ask(ctx context.Context, client *http.Client, url string, body []byte) (*admissionv1.AdmissionResponse, error) {
	status, answer, err := Post(ctx, client, url, body)
	if err != nil {
		return nil, err
	}
	if status != http.StatusOK {
		return nil, fmt.Errorf("%s answers %d: %s", url, status, answer)
	}
	var review admissionv1.AdmissionReview
	if err := json.Unmarshal(answer, &review); err != nil {
		return nil, err
	}
	if review.Response == nil {
		return nil, fmt.Errorf("%s answers without a response: %s", url, answer)
	}
	return review.Response, nil
}

// Repeat sends a review so many times over so many connections, each of which waits for its answer before it sends
// the next, and returns how long each took.
func Repeat(ctx context.Context, trusted *x509.CertPool, url string, body []byte, connections, times int) ([]time.Duration, error) {
	client := NewClient(trusted, connections)
	defer client.CloseIdleConnections()
	var mutex sync.Mutex
	took := make([]time.Duration, 0, times)
	group, ctx := errgroup.WithContext(ctx)
	for range connections {
		group.Go(func() error {
			own := make([]time.Duration, 0, times/connections)
			for range times / connections {
				start := time.Now()
				status, answer, err := Post(ctx, client, url, body)
				if err != nil {
					return err
				}
				if status != http.StatusOK {
					return fmt.Errorf("%s answers %d: %s", url, status, answer)
				}
				own = append(own, time.Since(start))
			}
			mutex.Lock()
			defer mutex.Unlock()
			took = append(took, own...)
			return nil
		})
	}
	return took, group.Wait()
}
