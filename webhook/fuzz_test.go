package webhook

import (
	"encoding/json"
	"net/http"
	"testing"

	admissionv1 "k8s.io/api/admission/v1"
)

// FuzzReview posts any body to every handler: each answers with a review or with an error, and none
// panics.
func FuzzReview(f *testing.F) {
	f.Add([]byte(""))
	f.Add([]byte(`{"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","request":null}`))
	f.Add(reviewWith(f, nil))
	f.Add(reviewWith(f, document{"operation": "CREATE", "oldObject": nil}))
	f.Add(write(f, updateOf(f, deployment(f, withManagedFields(f)), deployment(f, withRecreate, withoutDefaults))))
	f.Add(reviewWith(f, document{"kind": document{"version": "v1", "kind": "Service"}, "object": document{"spec": document{"selector": document{"a": "b"}}}}))
	webhook, _ := guard()
	handlers := []http.Handler{webhook.Validator(), webhook.Mutator()}
	f.Fuzz(func(t *testing.T, body []byte) {
		for _, handler := range handlers {
			answer := post(handler, body)
			switch answer.Code {
			case http.StatusBadRequest:
			case http.StatusOK:
				var review admissionv1.AdmissionReview
				if err := json.Unmarshal(answer.Body.Bytes(), &review); err != nil || review.Response == nil || review.Response.UID == "" {
					t.Errorf("answered %s: %v", answer.Body, err)
				}
			default:
				t.Errorf("got %d %s", answer.Code, answer.Body)
			}
		}
	})
}
