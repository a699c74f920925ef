package differential

import (
	"encoding/json"
	"fmt"
	"slices"

	. "github.com/onsi/gomega"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"greenlight.dev/greenlight/api/v1alpha1"
)

// situation is one object that is applied to a namespace of its own, and what is said of that.
type situation struct {
	// name says where the object comes from, and what was done to it.
	name, namespace string
	// origin is what the numbers are told apart by.
	origin string
	// policy governs the namespace, under a name that those with the same policy share.
	policy     v1alpha1.RolloutPolicySpec
	policyName string
	// there is what the namespace holds before.
	there []*unstructured.Unstructured
	// applied is the object as its manifest has it.
	applied *unstructured.Unstructured

	// refused is why the API server takes no such object, or nothing such as is to be there before: empty
	// where it does. Then there is nothing to compare.
	refused  string
	webhook  answer
	checked  judgement
	injected injection
}

// String names the situation and the object.
func (s *situation) String() string {
	return fmt.Sprintf("%s: %s/%s", s.name, s.applied.GetKind(), s.applied.GetName())
}

// updates reports whether the object is there before.
func (s *situation) updates() bool { return slices.ContainsFunc(s.there, s.isApplied) }

// isApplied reports whether an object is the one that is applied.
func (s *situation) isApplied(object *unstructured.Unstructured) bool {
	return object.GetKind() == s.applied.GetKind() && object.GetName() == s.applied.GetName()
}

// place gives each situation a namespace of its own, and those with the same policy the same name of it.
func place(situations []*situation) {
	names := map[string]string{}
	for i, s := range situations {
		policy, err := json.Marshal(s.policy)
		Expect(err).NotTo(HaveOccurred())
		if names[string(policy)] == "" {
			names[string(policy)] = fmt.Sprintf("policy-%d", len(names))
		}
		s.policyName = names[string(policy)]
		s.namespace = fmt.Sprintf("situation-%d", i)
		for _, object := range append(s.there, s.applied) {
			object.SetNamespace(s.namespace)
		}
	}
}
