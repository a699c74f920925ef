package reviews

import (
	"encoding/json"
	"encoding/pem"
	"io"
	"net/http"
	"net/http/httptest"

	admissionv1 "k8s.io/api/admission/v1"
	admissionregistrationv1 "k8s.io/api/admissionregistration/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

const (
	// name is before "greenlight": the API server asks mutating webhooks in this order.
	name         = "capture"
	webhookName  = "capture.greenlight.dev"
	mutatePath   = "/mutate"
	validatePath = "/validate"
)

// configurations lead the reviews of every update and creation of a Deployment to a server.
func configurations(server *httptest.Server) []client.Object {
	fail, none := admissionregistrationv1.Fail, admissionregistrationv1.SideEffectClassNone
	rules := []admissionregistrationv1.RuleWithOperations{{
		Operations: []admissionregistrationv1.OperationType{admissionregistrationv1.Create, admissionregistrationv1.Update},
		Rule:       admissionregistrationv1.Rule{APIGroups: []string{"apps"}, APIVersions: []string{"v1"}, Resources: []string{"deployments"}},
	}}
	at := func(path string) admissionregistrationv1.WebhookClientConfig {
		authority := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})
		return admissionregistrationv1.WebhookClientConfig{URL: new(server.URL + path), CABundle: authority}
	}
	meta, versions := metav1.ObjectMeta{Name: name}, []string{"v1"}
	return []client.Object{
		&admissionregistrationv1.MutatingWebhookConfiguration{ObjectMeta: meta, Webhooks: []admissionregistrationv1.MutatingWebhook{{
			Name: webhookName, ClientConfig: at(mutatePath), Rules: rules,
			FailurePolicy: &fail, SideEffects: &none, AdmissionReviewVersions: versions,
		}}},
		&admissionregistrationv1.ValidatingWebhookConfiguration{ObjectMeta: meta, Webhooks: []admissionregistrationv1.ValidatingWebhook{{
			Name: webhookName, ClientConfig: at(validatePath), Rules: rules,
			FailurePolicy: &fail, SideEffects: &none, AdmissionReviewVersions: versions,
		}}},
	}
}

func read(request *http.Request) ([]byte, admissionv1.AdmissionReview, error) {
	var review admissionv1.AdmissionReview
	body, err := io.ReadAll(request.Body)
	if err != nil {
		return nil, review, err
	}
	return body, review, json.Unmarshal(body, &review)
}
