package report

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/validation/field"

	"greenlight.dev/greenlight/api/v1alpha1"
	"greenlight.dev/greenlight/internal/engine"
	"greenlight.dev/greenlight/rules"
	"greenlight.dev/greenlight/state"
)

func web() *appsv1.Deployment {
	deployment := &appsv1.Deployment{ObjectMeta: metav1.ObjectMeta{Namespace: "shop", Name: "web", UID: "4711"}}
	deployment.SetGroupVersionKind(state.Deployment)
	return deployment
}

var replicas = field.NewPath("spec", "replicas")

func finding(rule string, mode v1alpha1.Mode, note string) engine.Finding {
	return engine.Finding{
		Finding: rules.Finding{Path: replicas, Message: "It is " + string(mode) + ".", Fix: "Mend it."},
		Rule:    rule, Mode: mode, Note: note,
	}
}

func TestAVerdictIsReported(t *testing.T) {
	verdict := engine.Verdict{
		Policy: "baseline", Evaluated: 10,
		Findings: []engine.Finding{
			finding("noted", v1alpha1.Audit, ""), finding("warned", v1alpha1.Warn, "why"), finding("denied", v1alpha1.Deny, ""), finding("denied", v1alpha1.Deny, ""),
		},
		Lifted:  []engine.Lifted{{Finding: finding("lifted", v1alpha1.Deny, ""), By: "an exemption of policy p: a toy"}},
		Skipped: []engine.Skip{{Rule: "skipped", Reason: "Services are not known"}},
		Errors:  []error{&engine.RuleError{Rule: "broken", Err: errors.New("panic: oops"), Stack: []byte("stack")}},
	}
	denied := Result{Rule: "denied", Outcome: Fail, Mode: v1alpha1.Deny, Message: "It is deny.", Path: "spec.replicas", Fix: "Mend it."}
	want := Report{
		Object:  corev1.ObjectReference{APIVersion: "apps/v1", Kind: "Deployment", Namespace: "shop", Name: "web", UID: "4711"},
		Policy:  "baseline",
		Summary: Summary{Pass: 4, Fail: 2, Error: 1, Warn: 2, Skip: 2},
		Results: []Result{
			denied, denied,
			{Rule: "broken", Outcome: Error, Message: "panic: oops"},
			{Rule: "noted", Outcome: Warn, Mode: v1alpha1.Audit, Message: "It is audit.", Path: "spec.replicas", Fix: "Mend it."},
			{Rule: "warned", Outcome: Warn, Mode: v1alpha1.Warn, Message: "It is warn. (why)", Path: "spec.replicas", Fix: "Mend it."},
			{Rule: "lifted", Outcome: Skip, Message: "lifted by an exemption of policy p: a toy", Path: "spec.replicas"},
			{Rule: "skipped", Outcome: Skip, Message: "Services are not known"},
		},
	}
	if diff := cmp.Diff(want, Of(web(), verdict)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestWhatIsNotJudgedIsNotReported(t *testing.T) {
	if !Of(web(), engine.Verdict{Policy: "baseline"}).Empty() {
		t.Error("a verdict without rules is reported")
	}
	if Of(web(), engine.Verdict{Errors: []error{errors.New("the namespace could not be read")}}).Empty() {
		t.Error("an error is not reported")
	}
}
