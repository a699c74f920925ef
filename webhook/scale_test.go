package webhook

import (
	"context"
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus"
	appsv1 "k8s.io/api/apps/v1"

	"greenlight.dev/greenlight/api/v1alpha1"
	"greenlight.dev/greenlight/internal/cluster"
	"greenlight.dev/greenlight/internal/engine"
	"greenlight.dev/greenlight/rules"
	"greenlight.dev/greenlight/state"
)

// scaleOf is the review of a Deployment shop/web that is scaled from 3 to 0, which Scale leaves out.
func scaleOf(t *testing.T, changes document) []byte {
	t.Helper()
	review := document{
		"kind":     document{"group": "autoscaling", "version": "v1", "kind": "Scale"},
		"resource": document{"group": "apps", "version": "v1", "resource": "deployments"}, "subResource": "scale",
		"object": document{"spec": document{}}, "oldObject": document{"spec": document{"replicas": 3}},
	}
	for name, value := range changes {
		review[name] = value
	}
	return reviewWith(t, review)
}

// scaling returns a Webhook whose cluster has these Deployments, and which tells the replicas that its
// rule of scaling saw.
func scaling(t *testing.T, deployments ...state.Object) (webhook *Webhook, seen *[]int32) {
	t.Helper()
	seen = &[]int32{}
	scales := rule("scales", v1alpha1.Deny, func(_ context.Context, pass *rules.Pass) error {
		*seen = append(*seen, *pass.Old.(*appsv1.Deployment).Spec.Replicas, *pass.Object.(*appsv1.Deployment).Spec.Replicas)
		return nil
	})
	scales.Scales = true
	entries := []rules.Entry{scales, finds("never", v1alpha1.Deny, "Rules of Deployments do not judge a Scale.")}
	return New(Config{
		Engine: engine.New(engine.Baseline(entries)), State: cluster.NewManifests(deployments, true), Registry: prometheus.NewRegistry(),
	}), seen
}

func TestAScaleIsJudgedAsTheWorkloadByTheRulesOfScalingAlone(t *testing.T) {
	web := &appsv1.Deployment{}
	web.SetGroupVersionKind(state.Deployment)
	web.Namespace, web.Name = "shop", "web"
	webhook, seen := scaling(t, web)
	answer := post(webhook.Validator(), scaleOf(t, nil))
	if want := answered(`"allowed":true,"auditAnnotations":{"policy":"baseline"}`); answer.Body.String() != want {
		t.Errorf("got %s, want %s", answer.Body, want)
	}
	if diff := cmp.Diff([]int32{3, 0}, *seen); diff != "" {
		t.Errorf("replicas (-want +got):\n%s", diff)
	}
}

func TestAScaleOfWhatIsGoneIsAllowed(t *testing.T) {
	webhook, _ := scaling(t)
	if answer, want := post(webhook.Validator(), scaleOf(t, nil)), answered(`"allowed":true`); answer.Body.String() != want {
		t.Errorf("got %s, want %s", answer.Body, want)
	}
}

func TestAScaleWithoutANameIsABadRequest(t *testing.T) {
	webhook, _ := scaling(t)
	answer := post(webhook.Validator(), scaleOf(t, document{"name": ""}))
	if want := "the AdmissionReview has no request.name to scale\n"; answer.Code != http.StatusBadRequest || answer.Body.String() != want {
		t.Errorf("got %d %q, want 400 %q", answer.Code, answer.Body, want)
	}
}
