package differential

import (
	"context"
	"fmt"
	"maps"
	"slices"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"greenlight.dev/greenlight/api/v1alpha1"
	"greenlight.dev/greenlight/rules"
)

// injection is what becomes of a Deployment where all that is missing is injected, and nothing else is done.
type injection struct {
	// invalid is why the API server takes no such Deployment even where nobody guards it: empty where it does.
	invalid string
	// done says that something was injected.
	done bool
	// spoilt is why it takes none with what is injected.
	spoilt string
}

var _ = Describe("what is injected", func() {
	It("leaves a Deployment valid that is valid without it", func() {
		counts := map[string]*struct{ valid, injected int }{}
		var spoilt []string
		for _, s := range injectable {
			if s.refused != "" || s.injected.invalid != "" {
				continue
			}
			if counts[s.origin] == nil {
				counts[s.origin] = &struct{ valid, injected int }{}
			}
			counts[s.origin].valid++
			if s.injected.done {
				counts[s.origin].injected++
			}
			if s.injected.spoilt != "" {
				spoilt = append(spoilt, fmt.Sprintf("%s: %s", s, s.injected.spoilt))
			}
		}
		for _, origin := range slices.Sorted(maps.Keys(counts)) {
			fmt.Printf("%s: the API server takes %d Deployments, of which %d get something injected\n", origin, counts[origin].valid, counts[origin].injected)
			Expect(counts[origin].injected).NotTo(BeZero(), origin)
		}
		Expect(spoilt).To(BeEmpty(), "try them again with -seed %d", *seed)
	})
})

// applyUnguarded tries the change where there is no Greenlight.
func (a *api) applyUnguarded(ctx context.Context, s *situation) error {
	_, err := a.try(ctx, s)
	if isRefusal(err) {
		s.injected.invalid = err.Error()
		return nil
	}
	return err
}

// injectOnly governs what no other policy does: every rule is off.
func (a *api) injectOnly(ctx context.Context) {
	policy := &v1alpha1.RolloutPolicy{Spec: v1alpha1.RolloutPolicySpec{Priority: -1}}
	policy.Name = "inject-only"
	for _, entry := range rules.All {
		policy.Spec.Rules = append(policy.Spec.Rules, v1alpha1.RuleSetting{Name: entry.ID, Mode: v1alpha1.Off})
	}
	Expect(a.Create(ctx, policy)).To(Succeed())
	Eventually(a.accepted).WithContext(ctx).Should(BeTrue())
}

// inject tries it where Greenlight injects.
func (a *api) inject(ctx context.Context, s *situation) error {
	if s.injected.invalid != "" {
		return nil
	}
	applied, err := a.try(ctx, s)
	s.injected.done = applied.GetAnnotations()["greenlight.dev/injected"] != s.applied.GetAnnotations()["greenlight.dev/injected"]
	if isRefusal(err) {
		s.injected.spoilt = err.Error()
		return nil
	}
	return err
}

// try makes the change for show, and returns what the API server would store.
func (a *api) try(ctx context.Context, s *situation) (*unstructured.Unstructured, error) {
	applied := s.applied.DeepCopy()
	return applied, a.Apply(ctx, client.ApplyConfigurationFromUnstructured(applied), manager, client.ForceOwnership, client.DryRunAll)
}
