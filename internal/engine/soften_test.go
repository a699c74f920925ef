package engine_test

import (
	"context"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/validation/field"

	"greenlight.dev/greenlight/api/v1alpha1"
	"greenlight.dev/greenlight/internal/cluster"
	"greenlight.dev/greenlight/internal/engine"
	"greenlight.dev/greenlight/rules"
	"greenlight.dev/greenlight/state"
)

// surplus finds the replicas beyond the second: the more, the worse. Beyond the fourth it is no more than
// a warning.
var surplus = faulty("surplus", v1alpha1.Deny, func(deployment *appsv1.Deployment) []rules.Finding {
	replicas := int(*deployment.Spec.Replicas)
	finding := rules.Finding{Path: field.NewPath("spec", "replicas"), Message: "Too many.", Degree: replicas}
	switch {
	case replicas <= 2:
		return nil
	case replicas > 4:
		finding.AtMost = v1alpha1.Warn
	}
	return []rules.Finding{finding}
})

// unnamed finds containers without an image.
var unnamed = faulty("unnamed", v1alpha1.Deny, func(deployment *appsv1.Deployment) []rules.Finding {
	var findings []rules.Finding
	for _, container := range deployment.Spec.Template.Spec.Containers {
		if container.Image == "" {
			path := field.NewPath("spec", "template", "spec", "containers").Key(container.Name)
			findings = append(findings, rules.Finding{Path: path, Message: "No image."})
		}
	}
	return findings
})

const soBefore = "allowed, because it was so before this change"

func TestAFaultThatWasThereBeforeIsAWarning(t *testing.T) {
	tests := map[string]struct {
		existing v1alpha1.Mode
		old, now int32
		want     []string
	}{
		"the same":                             {"", 4, 4, []string{"surplus warn: " + soBefore}},
		"less bad":                             {"", 4, 3, []string{"surplus warn: " + soBefore}},
		"worse":                                {"", 3, 4, []string{"surplus deny"}},
		"new":                                  {"", 2, 3, []string{"surplus deny"}},
		"asleep at 0 until it is woken":        {"", 0, 4, []string{"surplus warn: " + soBefore}},
		"before only a warning":                {"", 5, 4, []string{"surplus deny"}},
		"a warning anyway":                     {"", 5, 5, []string{"surplus warn"}},
		"the same, and the policy denies that": {v1alpha1.Deny, 4, 4, []string{"surplus deny"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			spec := v1alpha1.RolloutPolicySpec{Existing: test.existing}
			verdict := judgeChange(t, spec, change(replicas(test.old, test.now)), surplus)
			if diff := cmp.Diff(test.want, told(verdict)); diff != "" {
				t.Errorf("findings (-want +got):\n%s", diff)
			}
		})
	}
}

func TestAFaultInAnotherPlaceIsNew(t *testing.T) {
	request := change(containers("web"), func(request *engine.Request) {
		request.Object.(*appsv1.Deployment).Spec.Template.Spec.Containers = []corev1.Container{{Name: "web"}, {Name: "proxy"}}
	})
	want := []string{"unnamed deny", "unnamed warn: " + soBefore}
	if diff := cmp.Diff(want, told(judgeChange(t, v1alpha1.RolloutPolicySpec{}, request, unnamed))); diff != "" {
		t.Errorf("findings (-want +got):\n%s", diff)
	}
}

func TestWhatCannotBeSaidOfTheOldObjectLeavesTheDenial(t *testing.T) {
	ofChanges := always("of-changes", v1alpha1.Deny)
	ofChanges.Ops = []rules.Operation{rules.Update}
	failing := always("failing", v1alpha1.Deny)
	find := failing.Run
	failing.Run = func(ctx context.Context, pass *rules.Pass) error {
		if pass.Op == rules.Rest {
			return errors.New("the cluster is not there")
		}
		return find(ctx, pass)
	}
	for want, entry := range map[string]rules.Entry{"of-changes deny": ofChanges, "failing deny": failing} {
		t.Run(entry.ID, func(t *testing.T) {
			if diff := cmp.Diff([]string{want}, told(judgeChange(t, v1alpha1.RolloutPolicySpec{}, change(), entry))); diff != "" {
				t.Errorf("findings (-want +got):\n%s", diff)
			}
		})
	}
}

func TestACreationHasNothingBeforeIt(t *testing.T) {
	request := change()
	request.Op, request.Old = rules.Create, nil
	if diff := cmp.Diff([]string{"bad deny"}, told(judgeChange(t, v1alpha1.RolloutPolicySpec{}, request, always("bad", v1alpha1.Deny)))); diff != "" {
		t.Errorf("findings (-want +got):\n%s", diff)
	}
}

const goesBack = "allowed, because it goes back to an earlier revision"

func TestARollbackIsWarnedAboutWhatItBringsBack(t *testing.T) {
	broken := corev1.PodTemplateSpec{Spec: corev1.PodSpec{Containers: []corev1.Container{{Name: "web"}}}}
	other := corev1.PodTemplateSpec{Spec: corev1.PodSpec{Containers: []corev1.Container{{Name: "web", Image: "web:1"}}}}
	tests := map[string]struct {
		revisions []state.Object
		complete  bool
		want      []string
	}{
		"to a revision of the Deployment":    {[]state.Object{revision("web-1", other), revision("web-2", broken)}, true, []string{"bad deny", "unnamed warn: " + goesBack}},
		"not to a template that never ran":   {[]state.Object{revision("web-1", other)}, true, []string{"bad deny", "unnamed deny"}},
		"not where there are no revisions":   {nil, true, []string{"bad deny", "unnamed deny"}},
		"not where revisions are not known":  {[]state.Object{revision("web-1", other)}, false, []string{"bad deny", "unnamed deny"}},
		"also where others may be not known": {[]state.Object{revision("web-2", broken)}, false, []string{"bad deny", "unnamed warn: " + goesBack}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			request := change(func(request *engine.Request) {
				request.Object.(*appsv1.Deployment).Spec.Template = broken
				request.Old.SetUID("uid")
				request.State = cluster.NewManifests(test.revisions, test.complete)
			})
			spec := v1alpha1.RolloutPolicySpec{Existing: v1alpha1.Deny}
			verdict := judgeChange(t, spec, request, always("bad", v1alpha1.Deny), unnamed)
			if diff := cmp.Diff(test.want, told(verdict)); diff != "" {
				t.Errorf("findings (-want +got):\n%s", diff)
			}
		})
	}
}

func TestNoRevisionsAreReadWhereNothingInTheTemplateIsDenied(t *testing.T) {
	request := change(func(request *engine.Request) { request.State = nil })
	verdict := judgeChange(t, v1alpha1.RolloutPolicySpec{Existing: v1alpha1.Deny}, request, always("bad", v1alpha1.Deny))
	if len(verdict.Errors) > 0 {
		t.Errorf("errors %v", verdict.Errors)
	}
}

func replicas(old, now int32) func(*engine.Request) {
	return func(request *engine.Request) {
		request.Old.(*appsv1.Deployment).Spec.Replicas = &old
		request.Object.(*appsv1.Deployment).Spec.Replicas = &now
	}
}

// containers gives the old object containers without an image.
func containers(names ...string) func(*engine.Request) {
	return func(request *engine.Request) {
		template := &request.Old.(*appsv1.Deployment).Spec.Template
		for _, name := range names {
			template.Spec.Containers = append(template.Spec.Containers, corev1.Container{Name: name})
		}
	}
}

// revision is a ReplicaSet of the Deployment shop/web.
func revision(name string, template corev1.PodTemplateSpec) *appsv1.ReplicaSet {
	revision := &appsv1.ReplicaSet{}
	revision.SetGroupVersionKind(state.ReplicaSet)
	revision.Namespace, revision.Name = "shop", name
	revision.OwnerReferences = []metav1.OwnerReference{{Kind: "Deployment", UID: "uid", Controller: new(true)}}
	revision.Spec.Template = template
	return revision
}
