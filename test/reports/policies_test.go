package reports

import (
	"context"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"greenlight.dev/greenlight/api/v1alpha1"
	"greenlight.dev/greenlight/report"
	"greenlight.dev/greenlight/rules"
)

var _ = Describe("a change of a RolloutPolicy", Ordered, func() {
	BeforeAll(func(ctx context.Context) { scan(ctx, flags()) })

	It("makes of a warning a failure, of an exemption a skip, and nothing of a rule that is off", func(ctx context.Context) {
		namespace := newNamespace(ctx)
		web := deploy(ctx, namespace, "web", 1)
		expectResults(ctx, report.OpenReports, web, "warn single-replica")
		policy := govern(ctx, namespace, v1alpha1.RolloutPolicySpec{Rules: []v1alpha1.RuleSetting{{Name: "single-replica", Mode: v1alpha1.Deny}}})
		expectResults(ctx, report.OpenReports, web, "fail single-replica")

		rewrite(ctx, policy, func(spec *v1alpha1.RolloutPolicySpec) {
			spec.Exemptions = []v1alpha1.Exemption{{Rules: []string{"single-replica"}, Names: []string{"web"}, Reason: "a toy"}}
		})
		expectResults(ctx, report.OpenReports, web, "skip single-replica")

		rewrite(ctx, policy, func(spec *v1alpha1.RolloutPolicySpec) { spec.Rules[0].Mode = v1alpha1.Off })
		expectResults(ctx, report.OpenReports, web)

		Expect(guarded.Client.Delete(ctx, policy)).To(Succeed())
		expectResults(ctx, report.OpenReports, web, "warn single-replica")
	})

	It("takes the reports away where every rule is off", func(ctx context.Context) {
		namespace := newNamespace(ctx)
		expectResults(ctx, report.OpenReports, deploy(ctx, namespace, "web", 1), "warn single-replica")
		policy := govern(ctx, namespace, v1alpha1.RolloutPolicySpec{Rules: everyRule(v1alpha1.Off)})
		Eventually(stored).WithContext(ctx).WithArguments(report.OpenReports, namespace).Should(BeEmpty())
		Expect(guarded.Client.Delete(ctx, policy)).To(Succeed())
		Eventually(stored).WithContext(ctx).WithArguments(report.OpenReports, namespace).Should(HaveLen(2))
	})

	It("is one too where a namespace comes under another policy by its labels", func(ctx context.Context) {
		namespace := newNamespace(ctx)
		web := deploy(ctx, namespace, "web", 1)
		expectResults(ctx, report.OpenReports, web, "warn single-replica")
		policy := governLabelled(ctx, "governed", "elsewhere", v1alpha1.RolloutPolicySpec{Rules: []v1alpha1.RuleSetting{{Name: "single-replica", Mode: v1alpha1.Deny}}})
		DeferCleanup(func(ctx context.Context) { Expect(guarded.Client.Delete(ctx, policy)).To(Succeed()) })
		label := []byte(`{"metadata":{"labels":{"governed":"elsewhere"}}}`)
		Expect(guarded.Client.Patch(ctx, &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: namespace}},
			client.RawPatch("application/merge-patch+json", label))).To(Succeed())
		expectResults(ctx, report.OpenReports, web, "fail single-replica")
	})
})

// govern makes a policy for the namespace of that name.
func govern(ctx context.Context, namespace string, spec v1alpha1.RolloutPolicySpec) *v1alpha1.RolloutPolicy {
	return governLabelled(ctx, corev1.LabelMetadataName, namespace, spec)
}

// governLabelled makes a policy for the namespaces with a label.
func governLabelled(ctx context.Context, key, value string, spec v1alpha1.RolloutPolicySpec) *v1alpha1.RolloutPolicy {
	spec.NamespaceSelector = &metav1.LabelSelector{MatchLabels: map[string]string{key: value}}
	policy := &v1alpha1.RolloutPolicy{ObjectMeta: metav1.ObjectMeta{Name: value}, Spec: spec}
	Expect(guarded.Client.Create(ctx, policy)).To(Succeed())
	return policy
}

func rewrite(ctx context.Context, policy *v1alpha1.RolloutPolicy, write func(*v1alpha1.RolloutPolicySpec)) {
	Eventually(func(ctx context.Context) error {
		if err := guarded.Client.Get(ctx, client.ObjectKeyFromObject(policy), policy); err != nil {
			return err
		}
		write(&policy.Spec)
		return guarded.Client.Update(ctx, policy)
	}).WithContext(ctx).Should(Succeed())
}

func everyRule(mode v1alpha1.Mode) []v1alpha1.RuleSetting {
	var settings []v1alpha1.RuleSetting
	for _, entry := range rules.All {
		settings = append(settings, v1alpha1.RuleSetting{Name: entry.ID, Mode: mode})
	}
	return settings
}
