package e2e

import (
	"context"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	authorizationv1 "k8s.io/api/authorization/v1"
	autoscalingv1 "k8s.io/api/autoscaling/v1"
	corev1 "k8s.io/api/core/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/rest"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"greenlight.dev/greenlight/api/v1alpha1"
	"greenlight.dev/greenlight/test/fixture"
)

var _ = Describe("what may take away what serves", func() {
	var r release

	BeforeEach(func(ctx context.Context) { r = newRelease(ctx) })

	controller := func(name string) client.Client {
		config := guarded.Config()
		config.Impersonate = rest.ImpersonationConfig{UserName: "system:serviceaccount:kube-system:" + name}
		c, err := fixture.NewClient(config)
		Expect(err).NotTo(HaveOccurred())
		return c
	}

	It("is an autoscaler that scales to 0", func(ctx context.Context) {
		scale := &autoscalingv1.Scale{ObjectMeta: metav1.ObjectMeta{Namespace: r.namespace, Name: "blue"}}
		update := func(c client.Client) error {
			return c.SubResource("scale").Update(ctx, r.deployment(ctx, "blue"), client.WithSubResourceBody(scale))
		}
		Expect(update(guarded.Client)).To(MatchError(ContainSubstring("denied by serving-workload-drained")))
		Expect(update(controller("horizontal-pod-autoscaler"))).To(Succeed())
	})

	It("is the garbage collector", func(ctx context.Context) {
		Expect(controller("generic-garbage-collector").Delete(ctx, r.deployment(ctx, "blue"))).To(Succeed())
	})

	It("is the namespace controller", func(ctx context.Context) {
		Expect(controller("namespace-controller").Delete(ctx, r.deployment(ctx, "blue"))).To(Succeed())
	})

	It("is whoever deletes or scales a ReplicaSet that its Deployment keeps up", func(ctx context.Context) {
		name := "replicaset/" + r.replicaSets(ctx, "1")[0].Name
		for _, args := range [][]string{{"scale", name, "--replicas=0"}, {"delete", name}} {
			output, err := guarded.Kubectl(ctx, "", append(args, "-n", r.namespace)...)
			Expect(err).NotTo(HaveOccurred(), output)
			Expect(output).NotTo(ContainSubstring("Warning"))
		}
		Eventually(r.endpoints).WithContext(ctx).Should(Equal(3))
	})
})

var _ = Describe("taking away what serves on purpose", func() {
	var r release

	BeforeEach(func(ctx context.Context) {
		r = newRelease(ctx)
		r.create(ctx, &rbacv1.RoleBinding{
			ObjectMeta: metav1.ObjectMeta{Namespace: r.namespace, Name: "admins"},
			RoleRef:    rbacv1.RoleRef{APIGroup: rbacv1.GroupName, Kind: "ClusterRole", Name: "cluster-admin"},
			Subjects:   []rbacv1.Subject{{APIGroup: rbacv1.GroupName, Kind: rbacv1.GroupKind, Name: "system:authenticated"}},
		})
		config := guarded.Config()
		config.Impersonate.UserName = "jane"
		Eventually(fixture.May).WithContext(ctx).WithArguments(config, authorizationv1.ResourceAttributes{
			Namespace: r.namespace, Verb: "*", Group: "*", Resource: "*",
		}).Should(BeTrue())
	})

	as := func(ctx context.Context, group string, args ...string) (string, error) {
		return guarded.Kubectl(ctx, "", append(args, "-n", r.namespace, "--as=jane", "--as-group="+group)...)
	}
	annotate := func(ctx context.Context, annotations ...string) {
		output, err := as(ctx, "developers", append([]string{"annotate", "deployment", "blue"}, annotations...)...)
		Expect(err).NotTo(HaveOccurred(), output)
	}
	govern := func(ctx context.Context, spec v1alpha1.RolloutPolicySpec) {
		policy := &v1alpha1.RolloutPolicy{ObjectMeta: metav1.ObjectMeta{Name: r.namespace}, Spec: spec}
		policy.Spec.NamespaceSelector = &metav1.LabelSelector{MatchLabels: map[string]string{corev1.LabelMetadataName: r.namespace}}
		r.create(ctx, policy)
		DeferCleanup(func(ctx context.Context) { Expect(guarded.Client.Delete(ctx, policy)).To(Succeed()) })
		Eventually(func(ctx context.Context) (int32, error) {
			err := guarded.Client.Get(ctx, client.ObjectKeyFromObject(policy), policy)
			return policy.Status.GovernedNamespaces, err
		}).WithContext(ctx).Should(Equal(int32(1)))
	}

	for name, drain := range map[string][]string{
		"a deletion":     {"delete", "deployment/blue"},
		"a scaling to 0": {"scale", "deployment/blue", "--replicas=0"},
	} {
		It("forces "+name+" with a reason, for those who may", func(ctx context.Context) {
			govern(ctx, v1alpha1.RolloutPolicySpec{Overrides: v1alpha1.Overrides{Groups: []string{"on-call"}}})
			until := time.Now().Add(30 * time.Minute).UTC().Format(time.RFC3339)
			annotate(ctx, "greenlight.dev/force-until="+until, "greenlight.dev/force-reason=The shop closes.")
			output, err := as(ctx, "developers", drain...)
			Expect(err).To(HaveOccurred())
			Expect(output).To(And(ContainSubstring("denied by serving-workload-drained"),
				ContainSubstring("The override is not honoured: policy "+r.namespace+` does not let user "jane" force changes.`)))
			output, err = as(ctx, "on-call", drain...)
			Expect(err).NotTo(HaveOccurred(), output)
			Expect(output).To(And(ContainSubstring("Warning: serving-workload-drained at "),
				ContainSubstring("(forced by jane until "+until+": The shop closes.)")))
		})

		It("is "+name+" that an exemption lifts", func(ctx context.Context) {
			govern(ctx, v1alpha1.RolloutPolicySpec{Exemptions: []v1alpha1.Exemption{
				{Rules: []string{"serving-workload-drained"}, Names: []string{"blue"}, Reason: "It sleeps at night."},
			}})
			output, err := as(ctx, "developers", drain...)
			Expect(err).NotTo(HaveOccurred(), output)
			Expect(output).To(ContainSubstring(" is lifted by an exemption of policy " + r.namespace + ": It sleeps at night."))
		})

		It("is "+name+" that an annotation lifts only where the policy lets it", func(ctx context.Context) {
			annotate(ctx, "greenlight.dev/ignore.serving-workload-drained=Ticket 7.")
			output, err := as(ctx, "developers", drain...)
			Expect(err).To(HaveOccurred())
			Expect(output).To(ContainSubstring("(the annotation greenlight.dev/ignore.serving-workload-drained lifts nothing, because policy baseline lets it lift warnings only)"))
			govern(ctx, v1alpha1.RolloutPolicySpec{Ignorable: v1alpha1.Deny})
			output, err = as(ctx, "developers", drain...)
			Expect(err).NotTo(HaveOccurred(), output)
			Expect(output).To(ContainSubstring("is lifted by the annotation greenlight.dev/ignore.serving-workload-drained: Ticket 7."))
		})
	}
})
