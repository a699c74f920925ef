package differential

import (
	"context"

	. "github.com/onsi/gomega"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"greenlight.dev/greenlight/api/v1alpha1"
)

// policyLabel names on a namespace the policy that governs it.
const policyLabel = "policy"

// govern stores the policies of all situations, and waits until they are in force. Nothing is injected from then on:
// check judges a manifest as it is written, and the webhook what the injection made of it.
func (a *api) govern(ctx context.Context, situations []*situation) {
	stored, refused := map[string]bool{}, map[string]string{}
	for _, s := range situations {
		if !stored[s.policyName] {
			stored[s.policyName] = true
			err := a.Create(ctx, policyOf(s))
			if isRefusal(err) {
				refused[s.policyName] = err.Error()
				continue
			}
			Expect(err).NotTo(HaveOccurred())
		}
		if fault, found := refused[s.policyName]; found && s.refused == "" {
			s.refused = "its policy: " + fault
		}
	}
	Eventually(a.accepted).WithContext(ctx).Should(BeTrue())
}

func policyOf(s *situation) *v1alpha1.RolloutPolicy {
	policy := &v1alpha1.RolloutPolicy{Spec: *s.policy.DeepCopy()}
	policy.Name = s.policyName
	policy.Spec.NamespaceSelector = &metav1.LabelSelector{MatchLabels: map[string]string{policyLabel: s.policyName}}
	policy.Spec.ObjectSelector = nil
	policy.Spec.Defaults.ReadinessProbe.Inject, policy.Spec.Defaults.PreStop.Inject = new(false), new(false)
	return policy
}

// accepted reports whether every policy is in force.
func (a *api) accepted(ctx context.Context) (bool, error) {
	policies := &v1alpha1.RolloutPolicyList{}
	if err := a.List(ctx, policies); err != nil {
		return false, err
	}
	for _, policy := range policies.Items {
		if !meta.IsStatusConditionTrue(policy.Status.Conditions, v1alpha1.Accepted) {
			return false, nil
		}
	}
	return len(policies.Items) > 0, nil
}
