package e2e

import (
	"context"
	"fmt"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"greenlight.dev/greenlight/test/cluster"
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
		r.waitComplete(ctx, "blue")
		toNone := func(blue *appsv1.Deployment) { blue.Spec.Replicas = new(int32(0)) }
		Expect(r.updateDeployment(ctx, "blue", toNone)).To(MatchError(ContainSubstring(lost)))
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

	It("is denied to the second of two that are scaled to 0 at once", func(ctx context.Context) {
		r.create(ctx, fixture.Deployment(r.namespace, "green", "2"))
		r.waitComplete(ctx, "green")
		Expect(r.updateService(ctx, func(service *corev1.Service) { delete(service.Spec.Selector, "version") })).To(Succeed())
		output, err := kubectl(ctx, "scale", "deployment/blue", "deployment/green", "--replicas=0")
		Expect(err).To(HaveOccurred())
		Expect(output).To(ContainSubstring("deployment.apps/blue scaled"))
		Expect(output).To(ContainSubstring("Deployment " + r.namespace + "/green denied by serving-workload-drained"))
	})

	It("is allowed as long as a pod stays", func(ctx context.Context) {
		output, err := kubectl(ctx, "scale", "deployment/blue", "--replicas=1")
		Expect(err).NotTo(HaveOccurred(), output)
	})

	It("is denied to a scale-down that leaves a rollout none of its ready pods", func(ctx context.Context) {
		r.waitComplete(ctx, "blue")
		Expect(r.updateDeployment(ctx, "blue", func(blue *appsv1.Deployment) {
			fixture.Unready(blue).Spec.Strategy.RollingUpdate = &appsv1.RollingUpdateDeployment{
				MaxSurge: new(intstr.FromInt32(0)), MaxUnavailable: new(intstr.FromInt32(2)),
			}
		})).To(Succeed())
		Eventually(r.endpoints).WithContext(ctx).Should(Equal(1))
		Eventually(func(ctx context.Context) int32 { return r.deployment(ctx, "blue").Status.UpdatedReplicas }).WithContext(ctx).Should(Equal(int32(2)))
		output, err := kubectl(ctx, "scale", "deployment/blue", "--replicas=1")
		Expect(err).To(HaveOccurred())
		Expect(output).To(ContainSubstring("denied by serving-workload-drained at spec.replicas: scaling it down in the middle of a rollout " +
			"shrinks each of its ReplicaSets in proportion, ready or not, which takes away what serves: 1 pod serves Service hello and would go, " +
			"and no other pod serves it. First finish the rollout or undo it, until \"kubectl rollout status -n " + r.namespace + " deployment/blue\" succeeds."))
		output, err = kubectl(ctx, "scale", "deployment/blue", "--replicas=1",
			"--as=system:kube-controller-manager", "--as-group=system:masters")
		Expect(err).NotTo(HaveOccurred(), output)
		Eventually(r.endpoints).WithContext(ctx).Should(BeZero(), "what was denied would have emptied the Service")
	})

	It("is denied to what is made with 0 replicas and adopts the pods", func(ctx context.Context) {
		output, err := kubectl(ctx, "delete", "deployment", "blue", "--cascade=orphan")
		Expect(err).NotTo(HaveOccurred(), output)
		anew := fixture.Deployment(r.namespace, "blue", "1")
		anew.Spec.Replicas = new(int32(0))
		Eventually(func(ctx context.Context) error { return guarded.Client.Create(ctx, anew.DeepCopy()) }).WithContext(ctx).Should(MatchError(ContainSubstring(
			"denied by serving-workload-drained at spec.replicas: making it with 0 replicas takes away what serves and nothing controls: " + lost)))
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

	It("is warned about when the Service itself is deleted", func(ctx context.Context) {
		output, err := kubectl(ctx, "delete", "service", "hello")
		Expect(err).NotTo(HaveOccurred(), output)
		Expect(output).To(ContainSubstring("Warning: served-service-deleted at metadata.name: it is deleted while 3 pods serve it"))
	})

	It("is denied to kubectl scale of a StatefulSet that keeps only pods that are not ready", func(ctx context.Context) {
		r.create(ctx, statefulSet(r.namespace))
		Eventually(r.pods).WithContext(ctx).WithArguments("3").Should(HaveLen(2))
		Eventually(func(ctx context.Context) error { return r.switchTo(ctx, "3") }).WithContext(ctx).Should(Succeed())
		Eventually(r.endpoints).WithContext(ctx).Should(Equal(2))
		first := r.pods(ctx, "3")[0]
		Expect(first.Name).To(Equal("db-0"))
		patch := fmt.Appendf(nil, `{"metadata":{"annotations":{%q:"false"}}}`, cluster.ReadyAnnotation)
		Expect(guarded.Client.Patch(ctx, &first, client.RawPatch("application/merge-patch+json", patch))).To(Succeed())
		Eventually(r.endpoints).WithContext(ctx).Should(Equal(1))
		output, err := kubectl(ctx, "scale", "statefulset/db", "--replicas=1")
		Expect(err).To(HaveOccurred())
		Expect(output).To(ContainSubstring("scaling it down takes away what serves: 1 pod serves Service hello and would go, and no other pod serves it."))
	})

	It("is allowed to the end of the namespace", func(ctx context.Context) {
		namespace := &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: r.namespace}}
		Expect(guarded.Client.Delete(ctx, namespace)).To(Succeed())
		Eventually(func(ctx context.Context) []corev1.Pod { return r.pods(ctx, "1") }).WithContext(ctx).Should(BeEmpty())
	})
})

// statefulSet has two pods of version 3.
func statefulSet(namespace string) *appsv1.StatefulSet {
	like := fixture.Deployment(namespace, "db", "3")
	return &appsv1.StatefulSet{
		ObjectMeta: like.ObjectMeta,
		Spec: appsv1.StatefulSetSpec{
			Replicas: new(int32(2)), ServiceName: fixture.App, Selector: like.Spec.Selector, Template: like.Spec.Template,
		},
	}
}
