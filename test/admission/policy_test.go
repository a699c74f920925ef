package admission

import (
	"context"
	"encoding/json"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"greenlight.dev/greenlight/api/v1alpha1"
	"greenlight.dev/greenlight/test/fixture"
)

var _ = Describe("a RolloutPolicy", func() {
	var namespace string

	BeforeEach(func(ctx context.Context) { namespace = newNamespace(ctx) })

	It("governs the namespaces whose labels it selects, from one label to the next", func(ctx context.Context) {
		selector := &metav1.LabelSelector{MatchLabels: map[string]string{"stage": namespace}}
		govern(ctx, namespace, v1alpha1.RolloutPolicySpec{NamespaceSelector: selector, Rules: []v1alpha1.RuleSetting{set(v1alpha1.Deny)}})
		Expect(dryRun(ctx, faulty(namespace))).To(Succeed())
		label(ctx, namespace, namespace)
		expectDenied(ctx, faulty(namespace), "denied by "+latest)
		label(ctx, namespace, "other")
		expectAllowed(ctx, faulty(namespace))
	})

	It("governs the objects whose labels it selects", func(ctx context.Context) {
		spec := denying(namespace)
		spec.ObjectSelector = &metav1.LabelSelector{MatchLabels: map[string]string{"tier": "front"}}
		govern(ctx, namespace, spec)
		Expect(dryRun(ctx, faulty(namespace))).To(Succeed())
		front := faulty(namespace)
		front.Labels = map[string]string{"tier": "front"}
		expectDenied(ctx, front, "denied by "+latest)
	})

	It("is in force as it is written, changed and deleted", func(ctx context.Context) {
		policy := govern(ctx, namespace, denying(namespace))
		expectDenied(ctx, faulty(namespace), "denied by "+latest)
		turn(ctx, policy, v1alpha1.Off)
		expectAllowed(ctx, faulty(namespace))
		turn(ctx, policy, v1alpha1.Deny)
		expectDenied(ctx, faulty(namespace))
		Expect(guarded.Client.Delete(ctx, policy)).To(Succeed())
		expectAllowed(ctx, faulty(namespace))
	})

	It("gives way to a higher priority, and to an earlier name of the same", func(ctx context.Context) {
		denied := govern(ctx, namespace+"-b", denying(namespace))
		expectDenied(ctx, faulty(namespace))
		allowing := denying(namespace)
		allowing.Rules[0].Mode = v1alpha1.Audit
		govern(ctx, namespace+"-c", allowing)
		Consistently(dryRun).WithContext(ctx).WithArguments(faulty(namespace)).ShouldNot(Succeed())
		govern(ctx, namespace+"-a", allowing)
		expectAllowed(ctx, faulty(namespace))
		rewrite(ctx, denied, func(spec *v1alpha1.RolloutPolicySpec) { spec.Priority = 1 })
		expectDenied(ctx, faulty(namespace))
	})

	It("gives every rule the mode of its profile", func(ctx context.Context) {
		govern(ctx, namespace, v1alpha1.RolloutPolicySpec{NamespaceSelector: only(namespace), Profile: v1alpha1.Strict})
		expectDenied(ctx, faulty(namespace), latest)
	})

	It("leaves out what it does not want injected", func(ctx context.Context) {
		govern(ctx, namespace, v1alpha1.RolloutPolicySpec{NamespaceSelector: only(namespace), Defaults: v1alpha1.Defaults{
			ReadinessProbe: v1alpha1.ReadinessProbeDefaults{Inject: new(false)},
			PreStop:        v1alpha1.PreStopDefaults{SleepSeconds: 15},
		}})
		Eventually(func(ctx context.Context) (corev1.Container, error) {
			bare := fixture.Bare(fixture.Deployment(namespace, "web", "1"))
			err := guarded.Client.Create(ctx, bare, client.DryRunAll)
			return bare.Spec.Template.Spec.Containers[0], err
		}).WithContext(ctx).Should(And(
			HaveField("ReadinessProbe", BeNil()),
			HaveField("Lifecycle.PreStop.Sleep.Seconds", int64(15)),
		))
	})

	It("says in its status what is in force and where", func(ctx context.Context) {
		policy := govern(ctx, namespace, denying(namespace))
		Eventually(func(ctx context.Context) (v1alpha1.RolloutPolicyStatus, error) {
			return policy.Status, guarded.Client.Get(ctx, client.ObjectKeyFromObject(policy), policy)
		}).WithContext(ctx).Should(And(
			HaveField("GovernedNamespaces", int32(1)),
			HaveField("AcceptedGeneration", int64(1)),
			HaveField("Conditions", ConsistOf(And(
				HaveField("Type", "Accepted"), HaveField("Status", metav1.ConditionTrue), HaveField("Reason", "Valid"),
				HaveField("Message", "The policy is in force as written."), HaveField("ObservedGeneration", int64(1)),
			))),
		))
		written, err := json.Marshal(policy.Spec)
		Expect(err).NotTo(HaveOccurred())
		Expect(policy.Status.AcceptedSpec.Raw).To(MatchJSON(written))
	})

	It("is not written to again while nothing changes", func(ctx context.Context) {
		policy := govern(ctx, namespace, denying(namespace))
		version := settled(ctx, policy)
		label(ctx, namespace, "noticed")
		Consistently(func(ctx context.Context) (string, error) {
			return policy.ResourceVersion, guarded.Client.Get(ctx, client.ObjectKeyFromObject(policy), policy)
		}).WithContext(ctx).WithTimeout(statusQuiet).Should(Equal(version))
	})
})

func label(ctx context.Context, namespace, stage string) {
	GinkgoHelper()
	patch := client.RawPatch(client.Merge.Type(), []byte(`{"metadata":{"labels":{"stage":"`+stage+`"}}}`))
	Expect(guarded.Client.Patch(ctx, &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: namespace}}, patch)).To(Succeed())
}
