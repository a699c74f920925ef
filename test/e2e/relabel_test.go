package e2e

import (
	"context"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	appsv1 "k8s.io/api/apps/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"greenlight.dev/greenlight/test/fixture"
)

// tier is the label that the Service of these tests asks for, and by which pods leave it.
const tier = "tier"

var _ = Describe("taking away what serves while something else leaves", func() {
	var r release

	// blue and green serve, three pods each.
	BeforeEach(func(ctx context.Context) {
		namespace, err := guarded.Namespace(ctx)
		Expect(err).NotTo(HaveOccurred())
		r = release{namespace}
		service := fixture.Service(namespace, "1")
		service.Spec.Selector = map[string]string{"app": fixture.App, tier: "front"}
		r.create(ctx, service)
		r.create(ctx, inTier("front", fixture.Deployment(namespace, "blue", "1")))
		r.create(ctx, inTier("front", fixture.Deployment(namespace, "green", "2")))
		Eventually(r.endpoints).WithContext(ctx).Should(Equal(6))
	})

	kubectl := func(ctx context.Context, args ...string) (string, error) {
		return guarded.Kubectl(ctx, "", append(args, "-n", r.namespace)...)
	}
	relabel := func(ctx context.Context, name string) error {
		return r.updateDeployment(ctx, name, func(deployment *appsv1.Deployment) { inTier("back", fixture.Unready(deployment)) })
	}

	It("is denied while the other colour rolls out pods that the Service does not select", func(ctx context.Context) {
		Expect(relabel(ctx, "green")).To(Succeed())
		output, err := kubectl(ctx, "delete", "deployment", "blue")
		Expect(err).To(HaveOccurred())
		Expect(output).To(ContainSubstring("deleting it takes away what serves: 6 pods serve Service hello and would go, and no other pod serves it. " +
			"First switch Service hello to pods that are ready, or delete it."))
	})

	It("is denied to a relabelling once the other colour is scaled to 0", func(ctx context.Context) {
		output, err := kubectl(ctx, "scale", "deployment/blue", "--replicas=0")
		Expect(err).NotTo(HaveOccurred(), output)
		Expect(relabel(ctx, "green")).To(MatchError(ContainSubstring("denied by pods-leave-service at spec.template.metadata.labels[tier]: " +
			"the rollout takes all 3 pods out of Service hello: it selects tier=front, which the new template does not have, and no other pod serves it. " +
			"Keep the label tier: front.")))
	})

	It("is denied to the second of two relabellings", func(ctx context.Context) {
		Expect(relabel(ctx, "blue")).To(Succeed())
		Expect(relabel(ctx, "green")).To(MatchError(ContainSubstring("denied by pods-leave-service")))
	})

	It("is denied to what is made anew with other labels and adopts the pods", func(ctx context.Context) {
		for _, args := range [][]string{{"delete", "deployment", "blue"}, {"delete", "deployment", "green", "--cascade=orphan"}} {
			output, err := kubectl(ctx, args...)
			Expect(err).NotTo(HaveOccurred(), output)
		}
		anew := inTier("back", fixture.Deployment(r.namespace, "green", "2"))
		Eventually(func(ctx context.Context) error { return guarded.Client.Create(ctx, anew.DeepCopy(), client.DryRunAll) }).WithContext(ctx).Should(
			MatchError(ContainSubstring("denied by pods-leave-service at spec.template.metadata.labels[tier]: " +
				"the rollout takes the pods that the Deployment adopts out of Service hello: it selects tier=front, which the new template does not have, " +
				"and no other pod serves it. Keep the label tier: front.")))
		anew.Spec.Template.Spec.Containers[0].Image = "registry.example/hello:3"
		r.create(ctx, inTier("front", anew))
		r.waitComplete(ctx, "green")
		Eventually(r.endpoints).WithContext(ctx).Should(Equal(3))
	})

	It("is denied to the last of a collection that is deleted", func(ctx context.Context) {
		err := guarded.Client.DeleteAllOf(ctx, &appsv1.Deployment{}, client.InNamespace(r.namespace), client.PropagationPolicy("Background"))
		Expect(err).To(MatchError(ContainSubstring("and would go, and no other pod serves it.")))
		Eventually(r.endpoints).WithContext(ctx).Should(Equal(3))
	})

	It("is denied while the other colour is paused on its way out", func(ctx context.Context) {
		output, err := kubectl(ctx, "rollout", "pause", "deployment/green")
		Expect(err).NotTo(HaveOccurred(), output)
		Expect(relabel(ctx, "green")).To(Succeed())
		output, err = kubectl(ctx, "scale", "deployment/blue", "--replicas=0")
		Expect(err).To(HaveOccurred())
		Expect(output).To(ContainSubstring("scaling it down takes away what serves: 6 pods serve Service hello and would go, and no other pod serves it."))
		output, err = kubectl(ctx, "rollout", "resume", "deployment/green")
		Expect(err).NotTo(HaveOccurred(), output)
	})

	It("never denies the way back, nor scaling up", func(ctx context.Context) {
		Expect(relabel(ctx, "green")).To(Succeed())
		for _, args := range [][]string{
			{"rollout", "undo", "deployment/green"},
			{"scale", "deployment/blue", "--replicas=4"},
			{"scale", "deployment/blue", "--replicas=1"},
			{"scale", "deployment/green", "--replicas=0"},
			{"scale", "deployment/green", "--replicas=3"},
		} {
			output, err := kubectl(ctx, args...)
			Expect(err).NotTo(HaveOccurred(), output)
		}
		Eventually(r.endpoints).WithContext(ctx).Should(Equal(4))
	})
})

// inTier labels the pods of a Deployment.
func inTier(name string, deployment *appsv1.Deployment) *appsv1.Deployment {
	deployment.Spec.Template.Labels[tier] = name
	return deployment
}
