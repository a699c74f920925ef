package e2e

import (
	"context"
	"encoding/json"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"greenlight.dev/greenlight/api/v1alpha1"
	"greenlight.dev/greenlight/test/fixture"
)

var _ = Describe("a canary beside the stable version", func() {
	var r release

	BeforeEach(func(ctx context.Context) {
		namespace, err := guarded.Namespace(ctx)
		Expect(err).NotTo(HaveOccurred())
		r = release{namespace}
		service := fixture.Service(namespace, "1")
		service.Spec.Selector = map[string]string{"app": fixture.App}
		r.create(ctx, service)
		r.create(ctx, onTrack("stable", fixture.Deployment(namespace, "stable", "1")))
		Eventually(r.endpoints).WithContext(ctx).Should(Equal(3))
	})

	kubectl := func(ctx context.Context, stdin string, args ...string) string {
		output, err := guarded.Kubectl(ctx, stdin, append(args, "-n", r.namespace)...)
		Expect(err).NotTo(HaveOccurred(), output)
		return output
	}
	deployCanary := func(ctx context.Context) string {
		canary := onTrack("canary", fixture.Deployment(r.namespace, "canary", "2"))
		canary.Spec.Replicas = new(int32(1))
		manifest, err := json.Marshal(canary)
		Expect(err).NotTo(HaveOccurred())
		output := kubectl(ctx, string(manifest), "create", "-f", "-")
		Eventually(r.endpoints).WithContext(ctx).Should(Equal(4))
		return output
	}
	moved := func(field, moves string) string {
		return "Warning: canary-share-moved at " + field + ": the requests of Service hello move: " + moves + ". Make sure that this is the split that you want."
	}

	It("is told its share whenever that moves, from its creation to its end", func(ctx context.Context) {
		Expect(deployCanary(ctx)).To(ContainSubstring(moved("spec.replicas",
			"track canary gets 25% (1 of 4 pods), 0% now; track stable gets 75% (3 of 4 pods), 100% now")))

		Expect(kubectl(ctx, "", "scale", "deployment/canary", "--replicas=3")).To(ContainSubstring(moved("spec.replicas",
			"track canary gets 50% (3 of 6 pods), 25% now; track stable gets 50% (3 of 6 pods), 75% now")))
		Eventually(r.endpoints).WithContext(ctx).Should(Equal(6))

		Expect(kubectl(ctx, "", "set", "image", "deployment/stable", "web=registry.example/hello:2")).NotTo(ContainSubstring("canary-share-moved"))
		r.waitComplete(ctx, "stable")
		Eventually(r.endpoints).WithContext(ctx).Should(Equal(6))

		Expect(kubectl(ctx, "", "delete", "deployment", "canary")).To(ContainSubstring(moved("metadata.name",
			"track canary gets 0% (0 of 3 pods), 50% now; track stable gets 100% (3 of 3 pods), 50% now")))
	})

	It("is told its share when the Service takes it in", func(ctx context.Context) {
		Expect(r.updateService(ctx, func(service *corev1.Service) { service.Spec.Selector["track"] = "stable" })).To(Succeed())
		canary := onTrack("canary", fixture.Deployment(r.namespace, "canary", "2"))
		r.create(ctx, canary)
		r.waitComplete(ctx, "canary")
		Expect(kubectl(ctx, "", "patch", "service", "hello", "--type=json", `-p=[{"op":"remove","path":"/spec/selector/track"}]`)).To(
			ContainSubstring(moved("spec.selector", "track canary gets 50% (3 of 6 pods), 0% now; track stable gets 50% (3 of 6 pods), 100% now")))
	})

	It("is denied a share above the limit of the policy", func(ctx context.Context) {
		policy := &v1alpha1.RolloutPolicy{ObjectMeta: metav1.ObjectMeta{Name: r.namespace}, Spec: v1alpha1.RolloutPolicySpec{
			NamespaceSelector: &metav1.LabelSelector{MatchLabels: map[string]string{corev1.LabelMetadataName: r.namespace}},
			Rules:             []v1alpha1.RuleSetting{{Name: "canary-share-exceeded", Mode: v1alpha1.Deny}},
		}}
		r.create(ctx, policy)
		DeferCleanup(func(ctx context.Context) { Expect(guarded.Client.Delete(ctx, policy)).To(Succeed()) })
		Eventually(func(ctx context.Context) (int32, error) {
			err := guarded.Client.Get(ctx, client.ObjectKeyFromObject(policy), policy)
			return policy.Status.GovernedNamespaces, err
		}).WithContext(ctx).Should(Equal(int32(1)))
		deployCanary(ctx)
		output, err := guarded.Kubectl(ctx, "", "scale", "deployment/canary", "--replicas=2", "-n", r.namespace)
		Expect(err).To(HaveOccurred())
		Expect(output).To(ContainSubstring("denied by canary-share-exceeded at spec.replicas: track canary gets 40% of the requests of Service hello (2 of 5 pods): " +
			"the policy allows 25%. Run fewer of these pods, or at least 6 of other tracks beside 2."))
	})
})

// onTrack labels the pods of a Deployment, and says what it is to kubectl.
func onTrack(name string, deployment *appsv1.Deployment) *appsv1.Deployment {
	deployment.SetGroupVersionKind(appsv1.SchemeGroupVersion.WithKind("Deployment"))
	deployment.Spec.Template.Labels["track"] = name
	return deployment
}
