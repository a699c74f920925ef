package policies

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"

	"greenlight.dev/greenlight/api/v1alpha1"
)

const unknownRule = `spec.rules[0].name: Invalid value: "unknown": there is no rule "unknown"; the nearest is "single" (all: single)`

func TestTheStatusSaysWhatBecameOfAPolicy(t *testing.T) {
	good := policy(1, 1, "single").Spec
	inForce := accepts(metav1.ConditionTrue, 1, "The policy is in force as written.", noon)
	tests := map[string]struct {
		document v1alpha1.RolloutPolicy
		want     v1alpha1.RolloutPolicyStatus
	}{
		"a new one that is valid": {
			policy(1, 1, "single"),
			v1alpha1.RolloutPolicyStatus{
				Conditions: []metav1.Condition{accepts(metav1.ConditionTrue, 1, "The policy is in force as written.", later)}, GovernedNamespaces: 3,
				AcceptedGeneration: 1, AcceptedSpec: raw(t, good),
			},
		},
		"a new one that is not": {
			policy(1, 1, "unknown"),
			v1alpha1.RolloutPolicyStatus{
				Conditions:         []metav1.Condition{accepts(metav1.ConditionFalse, 1, "The policy governs nothing, because it is not valid:\n- "+unknownRule, later)},
				GovernedNamespaces: 3,
			},
		},
		"a change that is valid keeps the time of the last transition": {
			policy(2, 2, "single", accepting(t, 1, good), conditions(inForce)),
			v1alpha1.RolloutPolicyStatus{
				Conditions: []metav1.Condition{accepts(metav1.ConditionTrue, 2, "The policy is in force as written.", noon)}, GovernedNamespaces: 3,
				AcceptedGeneration: 2, AcceptedSpec: raw(t, policy(2, 2, "single").Spec),
			},
		},
		"a change that is not valid": {
			policy(2, 2, "unknown", accepting(t, 1, good), conditions(inForce)),
			v1alpha1.RolloutPolicyStatus{
				Conditions: []metav1.Condition{accepts(metav1.ConditionFalse, 2,
					"The spec of generation 1 stays in force, because generation 2 is not valid:\n- "+unknownRule, later)},
				GovernedNamespaces: 3, AcceptedGeneration: 1, AcceptedSpec: raw(t, good),
			},
		},
		"a spec that a newer Greenlight accepted is kept": {
			policy(2, 2, "unknown", accepting(t, 1, policy(1, 1, "unknown").Spec)),
			v1alpha1.RolloutPolicyStatus{
				Conditions:         []metav1.Condition{accepts(metav1.ConditionFalse, 2, "The policy governs nothing, because it is not valid:\n- "+unknownRule, later)},
				GovernedNamespaces: 3, AcceptedGeneration: 1, AcceptedSpec: raw(t, policy(1, 1, "unknown").Spec),
			},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			got, err := statusOf(judge(&test.document, nil, entries), 3, later)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("status (-want +got):\n%s", diff)
			}
		})
	}
}

func TestASpecThatOnlyAnotherReplicaUnderstandsIsNotOverwrittenByAnOlderOne(t *testing.T) {
	first := policy(1, 1, "single")
	remembered := judge(&first, nil, entries).accepted
	newest := policy(2, 2, "unknown").Spec
	document := policy(3, 3, "unknown", accepting(t, 2, newest))
	status, err := statusOf(judge(&document, remembered, entries), 3, later)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(raw(t, newest), status.AcceptedSpec); status.AcceptedGeneration != 2 || diff != "" {
		t.Errorf("generation %d, spec (-want +got):\n%s", status.AcceptedGeneration, diff)
	}
}

func TestTheSameStatusIsNotWrittenAgain(t *testing.T) {
	document := policy(1, 1, "single")
	judged := judge(&document, nil, entries)
	first, err := statusOf(judged, 3, noon)
	if err != nil {
		t.Fatal(err)
	}
	document.Status = first
	// The API server writes members in its own order.
	document.Status.AcceptedSpec = &runtime.RawExtension{Raw: []byte(
		`{"traffic":{"capacity":{}},"rules":[{"name":"single"}],"priority":1,"overrides":{},"defaults":{"readinessProbe":{},"preStop":{}}}`)}
	second, err := statusOf(judged, 3, later)
	if err != nil {
		t.Fatal(err)
	}
	if !same(document.Status, second) {
		t.Errorf("it differs:\n%s", cmp.Diff(document.Status, second))
	}
}

func TestWhatDiffersIsWritten(t *testing.T) {
	status := v1alpha1.RolloutPolicyStatus{GovernedNamespaces: 1, AcceptedGeneration: 1, AcceptedSpec: raw(t, policy(1, 1, "single").Spec)}
	for name, change := range map[string]func(*v1alpha1.RolloutPolicyStatus){
		"a count":      func(status *v1alpha1.RolloutPolicyStatus) { status.GovernedNamespaces = 2 },
		"a generation": func(status *v1alpha1.RolloutPolicyStatus) { status.AcceptedGeneration = 2 },
		"a spec":       func(status *v1alpha1.RolloutPolicyStatus) { status.AcceptedSpec = raw(t, policy(1, 2, "single").Spec) },
		"no spec":      func(status *v1alpha1.RolloutPolicyStatus) { status.AcceptedSpec = nil },
		"a condition":  func(status *v1alpha1.RolloutPolicyStatus) { status.Conditions = []metav1.Condition{{Type: "Accepted"}} },
	} {
		t.Run(name, func(t *testing.T) {
			other := *status.DeepCopy()
			change(&other)
			if same(status, other) {
				t.Error("it is taken for the same")
			}
		})
	}
}

func TestALongMessageIsCutToWhatTheAPIServerTakes(t *testing.T) {
	document := policy(1, 1, "single")
	for range 400 {
		document.Spec.Rules = append(document.Spec.Rules, v1alpha1.RuleSetting{Name: strings.Repeat("é", 100)})
	}
	message := []rune(condition(judge(&document, nil, entries), noon).Message)
	if len(message) != maxMessage || message[len(message)-1] != '…' {
		t.Errorf("%d characters, the last of them %c", len(message), message[len(message)-1])
	}
}

func accepts(status metav1.ConditionStatus, generation int64, message string, since time.Time) metav1.Condition {
	reason := map[metav1.ConditionStatus]string{metav1.ConditionTrue: "Valid", metav1.ConditionFalse: "Invalid"}[status]
	return metav1.Condition{
		Type: "Accepted", Status: status, Reason: reason, Message: message,
		ObservedGeneration: generation, LastTransitionTime: metav1.NewTime(since),
	}
}

func conditions(conditions ...metav1.Condition) func(*v1alpha1.RolloutPolicy) {
	return func(policy *v1alpha1.RolloutPolicy) { policy.Status.Conditions = conditions }
}
