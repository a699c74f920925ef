package admission

import (
	"context"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	appsv1 "k8s.io/api/apps/v1"
	authorizationv1 "k8s.io/api/authorization/v1"
	corev1 "k8s.io/api/core/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
	"k8s.io/client-go/rest"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"greenlight.dev/greenlight/api/v1alpha1"
	"greenlight.dev/greenlight/test/fixture"
)

var _ = Describe("what a policy denies", func() {
	var namespace string

	BeforeEach(func(ctx context.Context) { namespace = newNamespace(ctx) })

	It("is allowed by an exemption until that expires", func(ctx context.Context) {
		spec := denying(namespace)
		expires := inSeconds(15)
		spec.Exemptions = []v1alpha1.Exemption{{Rules: []string{"mutable-image-tag"}, Names: []string{"w*"}, Reason: "Moving to digests.", Expires: &expires}}
		govern(ctx, namespace, spec)
		Eventually(warnings).WithContext(ctx).WithArguments(faulty(namespace)).Should(ContainElement(
			latest + " is lifted by an exemption of policy " + namespace + " until " + expires.UTC().Format(time.RFC3339) + ": Moving to digests."))
		expectDenied(ctx, faulty(namespace), "denied by "+latest)
		Expect(time.Now()).To(BeTemporally(">=", expires.Time))
	})

	It("is allowed where the object already had it, unless the policy says otherwise", func(ctx context.Context) {
		deployment := faulty(namespace)
		Expect(guarded.Client.Create(ctx, deployment)).To(Succeed())
		policy := govern(ctx, namespace, denying(namespace))
		expectDenied(ctx, faulty(namespace))

		deployment.Spec.Replicas = new(int32(4))
		Expect(warningsOf(ctx, guarded.Config(), func(ctx context.Context, c client.Client) error {
			return c.Update(ctx, deployment.DeepCopy(), client.DryRunAll)
		})).To(ContainElement(And(HavePrefix(latest+": "), HaveSuffix("(allowed, because it was so before this change)"))))

		worse := deployment.DeepCopy()
		worse.Spec.Template.Spec.Containers[0].ReadinessProbe.HTTPGet.Port = intstr.FromString("absent")
		Expect(guarded.Client.Update(ctx, worse, client.DryRunAll)).To(MatchError(ContainSubstring("denied by probe-port-undefined")))

		rewrite(ctx, policy, func(spec *v1alpha1.RolloutPolicySpec) { spec.Existing = v1alpha1.Deny })
		Eventually(func(ctx context.Context) error {
			return guarded.Client.Update(ctx, deployment.DeepCopy(), client.DryRunAll)
		}).WithContext(ctx).Should(MatchError(ContainSubstring("denied by " + latest)))
	})

	It("is lifted by an annotation only if the policy lets it", func(ctx context.Context) {
		deployment := faulty(namespace)
		deployment.Annotations = map[string]string{"greenlight.dev/ignore.mutable-image-tag": "Ticket 7."}
		lifted := ContainElement(latest + " is lifted by the annotation greenlight.dev/ignore.mutable-image-tag: Ticket 7.")
		Eventually(warnings).WithContext(ctx).WithArguments(deployment).Should(lifted)

		policy := govern(ctx, namespace, denying(namespace))
		expectDenied(ctx, deployment, "denied by "+latest)
		rewrite(ctx, policy, func(spec *v1alpha1.RolloutPolicySpec) { spec.Ignorable = v1alpha1.Deny })
		Eventually(warnings).WithContext(ctx).WithArguments(deployment).Should(lifted)
	})
})

var _ = Describe("an override", Ordered, func() {
	onCall := rest.ImpersonationConfig{UserName: "jane@example.com", Groups: []string{"on-call"}}
	var namespace string

	BeforeAll(func(ctx context.Context) {
		Expect(guarded.Client.Create(ctx, &rbacv1.ClusterRoleBinding{
			ObjectMeta: metav1.ObjectMeta{Name: "on-call"},
			RoleRef:    rbacv1.RoleRef{APIGroup: rbacv1.GroupName, Kind: "ClusterRole", Name: "cluster-admin"},
			Subjects:   []rbacv1.Subject{{APIGroup: rbacv1.GroupName, Kind: rbacv1.GroupKind, Name: "on-call"}},
		})).To(Succeed())
		config := guarded.Config()
		config.Impersonate = onCall
		Eventually(fixture.May).WithContext(ctx).WithArguments(config, authorizationv1.ResourceAttributes{
			Verb: "*", Group: "*", Resource: "*",
		}).Should(BeTrue())
	})

	BeforeEach(func(ctx context.Context) {
		namespace = newNamespace(ctx)
		spec := denying(namespace)
		spec.Overrides.Groups = []string{"on-call"}
		govern(ctx, namespace, spec)
		expectDenied(ctx, faulty(namespace))
	})

	forced := func(until time.Time) *appsv1.Deployment {
		deployment := faulty(namespace)
		deployment.Annotations = map[string]string{
			"greenlight.dev/force-until":  until.UTC().Format(time.RFC3339),
			"greenlight.dev/force-reason": "The shop is down.",
		}
		return deployment
	}
	createAs := func(ctx context.Context, user rest.ImpersonationConfig, deployment *appsv1.Deployment) ([]string, error) {
		config := guarded.Config()
		config.Impersonate = user
		return fixture.Warned(config, func(c client.Client) error {
			return c.Create(ctx, deployment.DeepCopy(), client.DryRunAll)
		})
	}

	It("of those whom the policy names is honoured, shown and audited", func(ctx context.Context) {
		deployment := forced(time.Now().Add(10 * time.Minute))
		note := "forced by jane@example.com until " + deployment.Annotations["greenlight.dev/force-until"] + ": The shop is down."
		shown, err := createAs(ctx, onCall, deployment)
		Expect(err).NotTo(HaveOccurred())
		Expect(shown).To(ContainElement(And(HavePrefix(latest+": "), HaveSuffix("("+note+")"))))
		Eventually(annotations).WithContext(ctx).WithArguments(namespace).Should(And(
			HaveKeyWithValue("deployments.validate.greenlight.dev/policy", namespace),
			HaveKeyWithValue("deployments.validate.greenlight.dev/override", note),
		))
	})

	It("of anybody else is not, and the denial says why", func(ctx context.Context) {
		const refusal = `does not let user "admin" force changes.`
		_, err := createAs(ctx, rest.ImpersonationConfig{}, forced(time.Now().Add(10*time.Minute)))
		Expect(err).To(MatchError(And(ContainSubstring("denied by "+latest), HaveSuffix("\nThe override is not honoured: policy "+namespace+" "+refusal))))
		Eventually(annotations).WithContext(ctx).WithArguments(namespace).Should(
			HaveKeyWithValue("deployments.validate.greenlight.dev/override", "The override is not honoured: policy "+namespace+" "+refusal))
	})

	It("ends by itself", func(ctx context.Context) {
		until := inSeconds(15)
		_, err := createAs(ctx, onCall, forced(until.Time))
		Expect(err).NotTo(HaveOccurred())
		Eventually(func(ctx context.Context) error {
			_, err := createAs(ctx, onCall, forced(until.Time))
			return err
		}).WithContext(ctx).Should(MatchError(HaveSuffix("\nThe override is not honoured: it ended at " + until.UTC().Format(time.RFC3339) + ".")))
	})

	It("of a switch of a Service is part of the same update", func(ctx context.Context) {
		serve(ctx, namespace, "1")
		service := fixture.Service(namespace, "1")
		Expect(guarded.Client.Get(ctx, client.ObjectKeyFromObject(service), service)).To(Succeed())
		service.Spec.Selector = fixture.Labels("2")
		switchAs := func(ctx context.Context, user rest.ImpersonationConfig) error {
			config := guarded.Config()
			config.Impersonate = user
			c, err := fixture.NewClient(config)
			Expect(err).NotTo(HaveOccurred())
			return c.Update(ctx, service.DeepCopy(), client.DryRunAll)
		}
		Expect(switchAs(ctx, onCall)).To(MatchError(ContainSubstring("denied by service-switch-not-ready")))
		service.Annotations = forced(time.Now().Add(10 * time.Minute)).Annotations
		Expect(switchAs(ctx, onCall)).To(Succeed())
		Expect(switchAs(ctx, rest.ImpersonationConfig{})).To(MatchError(ContainSubstring("The override is not honoured: ")))
	})
})

// serve makes a pod of a version that serves, as a kubelet would say.
func serve(ctx context.Context, namespace, version string) {
	GinkgoHelper()
	template := fixture.Deployment(namespace, "web", version).Spec.Template
	pod := &corev1.Pod{ObjectMeta: metav1.ObjectMeta{Namespace: namespace, Name: "web", Labels: template.Labels}, Spec: template.Spec}
	Expect(guarded.Client.Create(ctx, pod)).To(Succeed())
	pod.Status = corev1.PodStatus{
		Phase: corev1.PodRunning, PodIP: "10.244.0.9", PodIPs: []corev1.PodIP{{IP: "10.244.0.9"}},
		Conditions: []corev1.PodCondition{{Type: corev1.PodReady, Status: corev1.ConditionTrue, LastTransitionTime: metav1.Now()}},
	}
	Expect(guarded.Client.Status().Update(ctx, pod)).To(Succeed())
}

// warnings returns what the author of a Deployment is shown.
func warnings(ctx context.Context, deployment *appsv1.Deployment) ([]string, error) {
	return fixture.Warned(guarded.Config(), func(c client.Client) error {
		return c.Create(ctx, deployment.DeepCopy(), client.DryRunAll)
	})
}

func warningsOf(ctx context.Context, config *rest.Config, do func(context.Context, client.Client) error) []string {
	GinkgoHelper()
	shown, err := fixture.Warned(config, func(c client.Client) error { return do(ctx, c) })
	Expect(err).NotTo(HaveOccurred())
	return shown
}
