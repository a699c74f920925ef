package load

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"testing"

	authenticationv1 "k8s.io/api/authentication/v1"
	coordinationv1 "k8s.io/api/coordination/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	auditv1 "k8s.io/apiserver/pkg/apis/audit/v1"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"greenlight.dev/greenlight/test/fixture"
	"greenlight.dev/greenlight/test/install"
)

// floor is a bare client that asks what the webhook asked, in the same order and encoding and as the same
// user, and makes nothing of the answers.
type floor struct {
	host     string
	reader   *http.Client
	writer   client.Client
	requests []auditv1.Event
}

func (n *namespace) newFloor(t *testing.T, requests []auditv1.Event) floor {
	t.Helper()
	config := asWebhook(t, n.guarded)
	reader, err := rest.HTTPClientFor(config)
	if err != nil {
		t.Fatal(err)
	}
	writer, err := fixture.NewClient(config)
	if err != nil {
		t.Fatal(err)
	}
	return floor{host: config.Host, reader: reader, writer: writer, requests: requests}
}

// asWebhook returns access with the permissions that are shipped.
func asWebhook(t *testing.T, guarded *fixture.Guarded) *rest.Config {
	t.Helper()
	clientset, err := kubernetes.NewForConfig(guarded.Config())
	if err != nil {
		t.Fatal(err)
	}
	accounts := clientset.CoreV1().ServiceAccounts(install.Namespace)
	request, err := accounts.CreateToken(t.Context(), install.Webhook, &authenticationv1.TokenRequest{}, metav1.CreateOptions{})
	if err != nil {
		t.Fatal(err)
	}
	config := rest.AnonymousClientConfig(guarded.Config())
	config.BearerToken, config.QPS = request.Status.Token, -1
	return config
}

func (f floor) ask(t *testing.T) {
	t.Helper()
	for _, request := range f.requests {
		var err error
		switch request.Verb {
		case "get", "list":
			err = f.get(t.Context(), request.RequestURI)
		case "create":
			err = f.createLease(t.Context())
		default:
			err = fmt.Errorf("the floor does not know how to %s %s", request.Verb, request.RequestURI)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

// createLease stands for an intent. It has not its label, so it does not count as one.
func (f floor) createLease(ctx context.Context) error {
	return f.writer.Create(ctx, &coordinationv1.Lease{ObjectMeta: metav1.ObjectMeta{Namespace: install.Namespace, GenerateName: "floor-"}})
}

func (f floor) get(ctx context.Context, path string) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, f.host+path, nil)
	if err != nil {
		return err
	}
	request.Header.Set("Accept", "application/vnd.kubernetes.protobuf")
	response, err := f.reader.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("%s is answered with %s", path, response.Status)
	}
	_, err = io.Copy(io.Discard, response.Body)
	return err
}
