package policies

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"time"

	"k8s.io/apimachinery/pkg/api/equality"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"

	"greenlight.dev/greenlight/api/v1alpha1"
	"greenlight.dev/greenlight/internal/engine"
)

// maxMessage is the longest message that the API server takes, in runes.
const maxMessage = 32768

// statusOf returns the status that a policy should have. Nothing in it depends on who writes it: the
// time of the last transition stays where nothing changes.
func statusOf(judged judgement, governedNamespaces int32, now time.Time) (v1alpha1.RolloutPolicyStatus, error) {
	status := *judged.document.Status.DeepCopy()
	status.GovernedNamespaces = governedNamespaces
	meta.SetStatusCondition(&status.Conditions, condition(judged, now))
	// A newer spec that another replica accepted is not overwritten by an older one.
	if judged.accepted == nil || judged.accepted.generation < status.AcceptedGeneration {
		return status, nil
	}
	spec, err := json.Marshal(judged.accepted.spec)
	status.AcceptedSpec = &runtime.RawExtension{Raw: spec}
	status.AcceptedGeneration = judged.accepted.generation
	return status, err
}

func condition(judged judgement, now time.Time) metav1.Condition {
	condition := metav1.Condition{
		Type: v1alpha1.Accepted, Status: metav1.ConditionTrue, Reason: "Valid", Message: "The policy is in force as written.",
		ObservedGeneration: judged.document.Generation, LastTransitionTime: metav1.NewTime(now),
	}
	if judged.err != nil {
		condition.Status, condition.Reason, condition.Message = metav1.ConditionFalse, "Invalid", cut(rejection(judged))
	}
	return condition
}

// rejection says what is in force instead before it lists the errors, which may be cut.
func rejection(judged judgement) string {
	instead := "The policy governs nothing, because it is not valid"
	if judged.accepted != nil {
		instead = fmt.Sprintf("The spec of generation %d stays in force, because generation %d is not valid",
			judged.accepted.generation, judged.document.Generation)
	}
	return instead + ":\n- " + strings.Join(engine.Faults(judged.err), "\n- ")
}

func cut(message string) string {
	if runes := []rune(message); len(runes) > maxMessage {
		return string(runes[:maxMessage-1]) + "…"
	}
	return message
}

// same reports whether nothing would be gained by writing a status over the other.
func same(a, b v1alpha1.RolloutPolicyStatus) bool {
	if !sameJSON(a.AcceptedSpec, b.AcceptedSpec) {
		return false
	}
	a.AcceptedSpec, b.AcceptedSpec = nil, nil
	return equality.Semantic.DeepEqual(a, b)
}

// timeless leaves out when conditions changed: each writer has its own clock.
func timeless(status v1alpha1.RolloutPolicyStatus) v1alpha1.RolloutPolicyStatus {
	status = *status.DeepCopy()
	for i := range status.Conditions {
		status.Conditions[i].LastTransitionTime = metav1.Time{}
	}
	return status
}

// sameJSON compares content, because the API server writes the members of an object in its own order.
func sameJSON(a, b *runtime.RawExtension) bool {
	if a == nil || b == nil {
		return a == b
	}
	var x, y any
	return json.Unmarshal(a.Raw, &x) == nil && json.Unmarshal(b.Raw, &y) == nil && reflect.DeepEqual(x, y)
}
