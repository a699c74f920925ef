package webhook

import (
	"encoding/json"
	"net/http"
	"testing"

	jsonpatch "github.com/evanphx/json-patch/v5"
	admissionv1 "k8s.io/api/admission/v1"
	corev1 "k8s.io/api/core/v1"
)

func TestMutatorPatchesTheObjectAsItWasSent(t *testing.T) {
	webhook, _ := guard()
	object := deployment(t, withoutDefaults, func(d document) { at(d, "spec")["fieldOfTomorrow"] = "kept" })
	answer := post(webhook.Mutator(), write(t, updateOf(deployment(t), object)))
	var review admissionv1.AdmissionReview
	if err := json.Unmarshal(answer.Body.Bytes(), &review); err != nil || answer.Code != http.StatusOK {
		t.Fatalf("got %d %s: %v", answer.Code, answer.Body, err)
	}
	response := review.Response
	if !response.Allowed || string(response.UID) != uid || response.PatchType == nil || *response.PatchType != admissionv1.PatchTypeJSONPatch {
		t.Errorf("got %s", answer.Body)
	}
	patched := apply(t, write(t, object), response.Patch)
	if container(patched)["readinessProbe"] == nil || container(patched)["lifecycle"] == nil {
		t.Errorf("the patch does not inject the defaults: %s", response.Patch)
	}
	if got := at(patched, "spec")["fieldOfTomorrow"]; got != "kept" {
		t.Errorf("the unknown field is now %v", got)
	}
}

func TestMutatorTakesKubectlsNoteForProofAndKeepsIt(t *testing.T) {
	note := `{"spec":{"template":{"spec":{"containers":[]}}}}`
	object := deployment(t, withoutDefaults, func(d document) {
		at(d, "metadata")["annotations"] = document{corev1.LastAppliedConfigAnnotation: note}
		at(d, "spec", "template", "spec")["terminationGracePeriodSeconds"] = 30
	})
	webhook, _ := guard()
	answer := post(webhook.Mutator(), write(t, updateOf(deployment(t), object)))
	var review admissionv1.AdmissionReview
	if err := json.Unmarshal(answer.Body.Bytes(), &review); err != nil || answer.Code != http.StatusOK {
		t.Fatalf("got %d %s: %v", answer.Code, answer.Body, err)
	}
	patched := apply(t, write(t, object), review.Response.Patch)
	if got := at(patched, "metadata", "annotations")[corev1.LastAppliedConfigAnnotation]; got != note {
		t.Errorf("the note is now %q", got)
	}
	if got := at(patched, "spec", "template", "spec")["terminationGracePeriodSeconds"]; got == 30.0 {
		t.Error("the grace period is not extended, though its author did not write it")
	}
}

func apply(t *testing.T, object, patch []byte) document {
	t.Helper()
	decoded, err := jsonpatch.DecodePatch(patch)
	if err != nil {
		t.Fatal(err)
	}
	patched, err := decoded.Apply(object)
	if err != nil {
		t.Fatal(err)
	}
	return parse(t, patched).(document)
}

func TestMutatorAnswersWithoutAPatchWhereNothingIsMissing(t *testing.T) {
	webhook, _ := guard()
	for name, body := range map[string][]byte{
		"nothing is missing": write(t, updateOf(deployment(t), deployment(t, withNewImage))),
		"it is deleted":      reviewWith(t, document{"operation": "DELETE", "object": nil}),
	} {
		answer := post(webhook.Mutator(), body)
		if got, want := answer.Body.String(), answered(`"allowed":true`); got != want {
			t.Errorf("%s: got\n%s\nwant\n%s", name, got, want)
		}
	}
}

func TestMutatorPassesWarningsOn(t *testing.T) {
	webhook, _ := guard()
	webhook.config.SleepUnsupported = func() string { return "node a runs kubelet 1.28" }
	answer := post(webhook.Mutator(), write(t, updateOf(deployment(t), deployment(t, withoutDefaults))))
	var review admissionv1.AdmissionReview
	if err := json.Unmarshal(answer.Body.Bytes(), &review); err != nil {
		t.Fatal(err)
	}
	if len(review.Response.Warnings) == 0 {
		t.Errorf("got no warning: %s", answer.Body)
	}
}

func TestMutatorKnowsDeploymentsOnly(t *testing.T) {
	webhook, _ := guard()
	answer := post(webhook.Mutator(), reviewWith(t, document{"kind": document{"version": "v1", "kind": "Service"}, "resource": document{"resource": "services"}}))
	want := `Greenlight does not mutate v1, kind "Service" (services): remove it from the webhook configuration` + "\n"
	if answer.Code != http.StatusBadRequest || answer.Body.String() != want {
		t.Errorf("got %d %q, want 400 %q", answer.Code, answer.Body, want)
	}
}
