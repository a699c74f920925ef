package engine_test

import (
	"context"
	"testing"
	"time"

	appsv1 "k8s.io/api/apps/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/util/validation/field"

	"greenlight.dev/greenlight/api/v1alpha1"
	"greenlight.dev/greenlight/internal/cluster"
	"greenlight.dev/greenlight/internal/engine"
	"greenlight.dev/greenlight/rules"
	"greenlight.dev/greenlight/state"
)

// noon is when everything is judged.
var noon = time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC)

var jane = rules.User{Name: "jane@example.com", Groups: []string{"developers", "on-call"}}

// change is a Deployment shop/web that jane updates at noon.
func change(changes ...func(*engine.Request)) engine.Request {
	request := engine.Request{
		Op: rules.Update, Object: deployment(), Old: deployment(), User: jane, Now: noon,
		State: cluster.NewManifests(nil, true),
	}
	for _, change := range changes {
		change(&request)
	}
	return request
}

func deployment() *appsv1.Deployment {
	deployment := &appsv1.Deployment{}
	deployment.SetGroupVersionKind(state.Deployment)
	deployment.Namespace, deployment.Name = "shop", "web"
	return deployment
}

func annotated(annotations map[string]string) func(*engine.Request) {
	return func(request *engine.Request) { request.Object.SetAnnotations(annotations) }
}

// judgeChange judges by one policy, whose name is shop.
func judgeChange(t *testing.T, spec v1alpha1.RolloutPolicySpec, request engine.Request, entries ...rules.Entry) engine.Verdict {
	t.Helper()
	document := &v1alpha1.RolloutPolicy{Spec: spec}
	document.Name = "shop"
	policy, err := engine.NewPolicy(document, entries)
	if err != nil {
		t.Fatal(err)
	}
	return engine.New(policy).Judge(t.Context(), request)
}

// faulty judges Deployments in the given mode, and finds what find says of each.
func faulty(id string, mode v1alpha1.Mode, find func(*appsv1.Deployment) []rules.Finding) rules.Entry {
	run := func(_ context.Context, pass *rules.Pass) error {
		for _, finding := range find(pass.Object.(*appsv1.Deployment)) {
			pass.Report(finding)
		}
		return nil
	}
	judged := &rules.Rule{ID: id, Kinds: []schema.GroupVersionKind{state.Deployment}, Run: run}
	return rules.Entry{Rule: judged, Baseline: mode, Strict: mode}
}

// always finds the same fault of every Deployment.
func always(id string, mode v1alpha1.Mode) rules.Entry {
	return faulty(id, mode, func(*appsv1.Deployment) []rules.Finding {
		return []rules.Finding{{Path: field.NewPath("spec", "replicas"), Message: "Bad."}}
	})
}

// told is what a verdict tells of each finding: its rule, its mode and its note.
func told(verdict engine.Verdict) []string {
	var told []string
	for _, finding := range verdict.Findings {
		text := finding.Rule + " " + string(finding.Mode)
		if finding.Note != "" {
			text += ": " + finding.Note
		}
		told = append(told, text)
	}
	return told
}
