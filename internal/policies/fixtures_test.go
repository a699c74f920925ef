package policies

import (
	"context"
	"encoding/json"
	"testing"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"

	"greenlight.dev/greenlight/api/v1alpha1"
	"greenlight.dev/greenlight/rules"
	"greenlight.dev/greenlight/state"
)

var (
	noon  = time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC)
	later = noon.Add(time.Hour)
)

// entries are the only rule that these policies may name.
var entries = []rules.Entry{{
	Rule: &rules.Rule{ID: "single", Kinds: []schema.GroupVersionKind{state.Deployment}, Run: func(context.Context, *rules.Pass) error { return nil }},
}}

// policy is the policy shop in one generation, with a priority by which its specs are told apart. Nothing
// is valid that names the rule "unknown".
func policy(generation int64, priority int32, rule string, changes ...func(*v1alpha1.RolloutPolicy)) v1alpha1.RolloutPolicy {
	policy := v1alpha1.RolloutPolicy{
		ObjectMeta: metav1.ObjectMeta{Name: "shop", UID: "uid", Generation: generation, ResourceVersion: "7"},
		Spec:       v1alpha1.RolloutPolicySpec{Priority: priority, Rules: []v1alpha1.RuleSetting{{Name: rule}}},
	}
	for _, change := range changes {
		change(&policy)
	}
	return policy
}

// as gives the policy another name, and so another UID.
func as(name string) func(*v1alpha1.RolloutPolicy) {
	return func(policy *v1alpha1.RolloutPolicy) { policy.Name, policy.UID = name, types.UID(name) }
}

// accepting says in the status that a replica accepted a spec.
func accepting(t *testing.T, generation int64, spec v1alpha1.RolloutPolicySpec) func(*v1alpha1.RolloutPolicy) {
	return func(policy *v1alpha1.RolloutPolicy) {
		policy.Status.AcceptedGeneration = generation
		policy.Status.AcceptedSpec = raw(t, spec)
	}
}

func raw(t *testing.T, value any) *runtime.RawExtension {
	t.Helper()
	data, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	return &runtime.RawExtension{Raw: data}
}
