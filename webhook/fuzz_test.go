package webhook

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"testing"

	admissionv1 "k8s.io/api/admission/v1"

	"greenlight.dev/greenlight/api/v1alpha1"
)

// FuzzReview posts any body to every handler: each answers with a review or with an error, and none
// panics. It has a rule of its own, since those of the project may take the API server's defaults for
// granted.
func FuzzReview(f *testing.F) {
	f.Add([]byte(""))
	f.Add([]byte(`{"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","request":null}`))
	f.Add(reviewWith(f, nil))
	f.Add(reviewWith(f, document{"operation": "CREATE", "oldObject": nil}))
	f.Add(write(f, updateOf(deployment(f, withManagedFields(f)), deployment(f, withRecreate, withoutDefaults))))
	f.Add(reviewWith(f, document{"kind": document{"version": "v1", "kind": "Service"}, "object": document{"spec": document{"selector": document{"a": "b"}}}}))
	webhook, registry := guard(finds("always", v1alpha1.Deny, "Bad."))
	f.Add(policyReview(f, document{"rules": []any{document{"name": "alway"}}}))
	handlers := []http.Handler{webhook.Validator(), webhook.Mutator(), webhook.PolicyValidator()}
	f.Fuzz(func(t *testing.T, body []byte) {
		for _, handler := range handlers {
			checkAnswer(t, post(handler, body))
		}
		if got := count(t, registry, `greenlight_admission_internal_errors_total{reason="panic"}`); got != 0 {
			t.Error("it panics")
		}
	})
}

func checkAnswer(t *testing.T, answer *httptest.ResponseRecorder) {
	switch answer.Code {
	case http.StatusBadRequest, http.StatusInternalServerError:
		if answer.Body.Len() == 0 {
			t.Errorf("got %d and no reason", answer.Code)
		}
	case http.StatusOK:
		var review admissionv1.AdmissionReview
		if err := json.Unmarshal(answer.Body.Bytes(), &review); err != nil || review.Response == nil || review.Response.UID == "" {
			t.Errorf("answered %s: %v", answer.Body, err)
		}
	default:
		t.Errorf("got %d %s", answer.Code, answer.Body)
	}
}
