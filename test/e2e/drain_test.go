package e2e

import (
	"context"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"greenlight.dev/greenlight/test/fixture"
)

var _ = Describe("taking away what serves", func() {
	var r release

	BeforeEach(func(ctx context.Context) { r = newRelease(ctx) })

	kubectl := func(ctx context.Context, args ...string) (string, error) {
		return guarded.Kubectl(ctx, "", append(args, "-n", r.namespace)...)
	}
	const lost = "3 pods serve Service hello and would go, and no other pod serves it. First switch Service hello to pods that are ready, or delete it."

	It("is denied to kubectl scale, which names the Service", func(ctx context.Context) {
		output, err := kubectl(ctx, "scale", "deployment/blue", "--replicas=0")
		Expect(err).To(HaveOccurred())
		Expect(output).To(ContainSubstring("Deployment " + r.namespace + "/blue denied by serving-workload-drained at spec.replicas: scaling it down takes away what serves: " + lost))
	})

	It("is denied to an update of the replicas", func(ctx context.Context) {
		blue := r.deployment(ctx, "blue")
		blue.Spec.Replicas = new(int32(0))
		Expect(guarded.Client.Update(ctx, blue)).To(MatchError(ContainSubstring(lost)))
	})

	It("is denied to a deletion", func(ctx context.Context) {
		output, err := kubectl(ctx, "delete", "deployment", "blue")
		Expect(err).To(HaveOccurred())
		Expect(output).To(ContainSubstring("denied by serving-workload-drained at metadata.name: deleting it takes away what serves: " + lost))
	})

	It("is denied to the deletion of a collection", func(ctx context.Context) {
		err := guarded.Client.DeleteAllOf(ctx, &appsv1.Deployment{}, client.InNamespace(r.namespace))
		Expect(err).To(MatchError(ContainSubstring(lost)))
	})

	It("is allowed as long as a pod stays", func(ctx context.Context) {
		output, err := kubectl(ctx, "scale", "deployment/blue", "--replicas=1")
		Expect(err).NotTo(HaveOccurred(), output)
	})

	It("is allowed to a deletion that leaves the pods alone", func(ctx context.Context) {
		output, err := kubectl(ctx, "delete", "deployment", "blue", "--cascade=orphan")
		Expect(err).NotTo(HaveOccurred(), output)
		Expect(r.endpoints(ctx)).To(Equal(3))
	})

	It("is allowed once the Service was switched", func(ctx context.Context) {
		r.create(ctx, fixture.Deployment(r.namespace, "green", "2"))
		r.waitComplete(ctx, "green")
		Expect(r.switchTo(ctx, "2")).To(Succeed())
		output, err := kubectl(ctx, "scale", "deployment/blue", "--replicas=0")
		Expect(err).NotTo(HaveOccurred(), output)
		output, err = kubectl(ctx, "delete", "deployment", "blue")
		Expect(err).NotTo(HaveOccurred(), output)
	})

	It("is allowed to the end of the namespace", func(ctx context.Context) {
		namespace := &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: r.namespace}}
		Expect(guarded.Client.Delete(ctx, namespace)).To(Succeed())
		Eventually(func(ctx context.Context) []corev1.Pod { return r.pods(ctx, "1") }).WithContext(ctx).Should(BeEmpty())
	})
})
