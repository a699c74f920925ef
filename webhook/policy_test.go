package webhook

import (
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"

	"greenlight.dev/greenlight/api/v1alpha1"
	"greenlight.dev/greenlight/internal/engine"
)

func TestAPolicyIsAcceptedOrDeniedWithEveryFault(t *testing.T) {
	const unknown = `spec.rules[0].name: Invalid value: \"alway\": there is no rule \"alway\"; the nearest is \"always\" (all: always)`
	denied := func(message string) string {
		return `"allowed":false,"status":{"metadata":{},"message":"` + message + `","reason":"Forbidden","code":403}`
	}
	tests := map[string]struct {
		spec document
		want string
	}{
		"a valid one":  {document{"profile": "strict", "rules": []any{document{"name": "always", "mode": "off"}}}, `"allowed":true`},
		"an empty one": {document{}, `"allowed":true`},
		"one fault":    {document{"rules": []any{document{"name": "alway"}}}, denied("RolloutPolicy shop is not valid: " + unknown)},
		"two faults": {
			document{"rules": []any{document{"name": "alway"}, document{"name": "always", "params": document{"most": 1}}}},
			denied("RolloutPolicy shop is not valid in 2 places:\\n- " + unknown + `\n- spec.rules[1].params: Forbidden: this rule has no parameters: remove them`),
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			webhook, registry := guard(finds("always", v1alpha1.Deny, "Bad."))
			answer := post(webhook.PolicyValidator(), policyReview(t, test.spec))
			if diff := cmp.Diff(answered(test.want), answer.Body.String()); diff != "" {
				t.Errorf("answer (-want +got):\n%s", diff)
			}
			decision := "allow"
			if test.want != `"allowed":true` {
				decision = "deny"
			}
			series := `greenlight_admission_decisions_total{decision="` + decision + `",operation="CREATE",resource="rolloutpolicies",rule=""}`
			if got := count(t, registry, series); got != 1 {
				t.Errorf("%s is %v", series, got)
			}
		})
	}
}

func TestOnlyPoliciesAreTakenForPolicies(t *testing.T) {
	webhook, _ := guard()
	if answer := post(webhook.PolicyValidator(), reviewWith(t, nil)); answer.Code != http.StatusBadRequest {
		t.Errorf("a Deployment is answered with %d", answer.Code)
	}
	if answer := post(webhook.Validator(), policyReview(t, document{})); answer.Code != http.StatusBadRequest {
		t.Errorf("a RolloutPolicy is judged by rules, with %d", answer.Code)
	}
}

func TestTheAuditLogSaysWhatBecameOfAnOverride(t *testing.T) {
	annotations, err := auditAnnotations(engine.Verdict{Policy: "shop", Override: "forced by jane until noon: Ticket 7."})
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{"policy": "shop", "override": "forced by jane until noon: Ticket 7."}
	if diff := cmp.Diff(want, annotations); diff != "" {
		t.Errorf("annotations (-want +got):\n%s", diff)
	}
}

// policyReview is the review of a new RolloutPolicy with this spec.
func policyReview(t testing.TB, spec document) []byte {
	t.Helper()
	return reviewWith(t, document{
		"operation": "CREATE", "namespace": "", "name": "shop", "oldObject": nil,
		"kind":     document{"group": "greenlight.dev", "version": "v1alpha1", "kind": "RolloutPolicy"},
		"resource": document{"group": "greenlight.dev", "version": "v1alpha1", "resource": "rolloutpolicies"},
		"object":   document{"metadata": document{"name": "shop"}, "spec": spec},
	})
}
