package e2e

import (
	"context"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/intstr"

	"greenlight.dev/greenlight/test/fixture"
)

var _ = Describe("switching a Service from blue to green", func() {
	var r release

	BeforeEach(func(ctx context.Context) { r = newRelease(ctx) })

	deployGreen := func(ctx context.Context) {
		r.create(ctx, fixture.Unready(fixture.Deployment(r.namespace, "green", "2")))
		Eventually(r.pods).WithContext(ctx).WithArguments("2").Should(HaveLen(3))
	}

	It("is denied while none of green is ready", func(ctx context.Context) {
		deployGreen(ctx)
		Expect(r.switchTo(ctx, "2")).To(MatchError(MatchRegexp(
			`Service %s/hello.*selector version 1 → 2: ReplicaSet green-\w+ is not fully ready \(0/3 available\): green-\w+-\w+: .*; green-\w+-\w+: .*; green-\w+-\w+: .*`+
				`Retry when "kubectl rollout status -n %s deployment/green" succeeds\.`, r.namespace, r.namespace)))
	})

	It("is denied while one of three is ready, and names the two that are not", func(ctx context.Context) {
		deployGreen(ctx)
		r.letReady(ctx, "2", 1)
		r.waitReady(ctx, "2", 1)
		Expect(r.switchTo(ctx, "2")).To(MatchError(MatchRegexp(
			`\(1/3 available\): green-\w+-\w+: readiness probe of container "web" failing[^;]*; green-\w+-\w+: readiness probe of container "web" failing[^;]*\. Retry`)))
	})

	It("is allowed once all of green is ready, and so is the rollback to blue", func(ctx context.Context) {
		deployGreen(ctx)
		r.letReady(ctx, "2", 3)
		r.waitComplete(ctx, "green")
		Expect(r.switchTo(ctx, "2")).To(Succeed())
		Expect(r.switchTo(ctx, "1")).To(Succeed())
	})

	It("is denied while the pods of green have not been ready for minReadySeconds", func(ctx context.Context) {
		green := fixture.Deployment(r.namespace, "green", "2")
		green.Spec.MinReadySeconds = 300
		r.create(ctx, green)
		r.waitReady(ctx, "2", 3)
		Expect(r.switchTo(ctx, "2")).To(MatchError(MatchRegexp(
			`\(0/3 available\): green-\w+-\w+: ready, but not yet for minReadySeconds 300 \(\d+m\d+s to go\)`)))
	})

	It("is denied while green is in the middle of a rollout", func(ctx context.Context) {
		r.create(ctx, fixture.Deployment(r.namespace, "green", "2"))
		r.waitComplete(ctx, "green")
		green := fixture.Unready(r.deploymentWithAnnotations(ctx, "green"))
		Expect(guarded.Client.Update(ctx, green)).To(Succeed())
		Eventually(r.replicaSets).WithContext(ctx).WithArguments("2").Should(HaveLen(2))
		Expect(r.switchTo(ctx, "2")).To(MatchError(ContainSubstring("not fully ready")))
	})

	It("is denied to a selector that matches nothing", func(ctx context.Context) {
		Expect(r.switchTo(ctx, "9")).To(MatchError(ContainSubstring("selector version 1 → 9: the new selector selects no pod.")))
	})

	It("is denied when green is scaled to 0", func(ctx context.Context) {
		green := fixture.Deployment(r.namespace, "green", "2")
		green.Spec.Replicas = new(int32(0))
		r.create(ctx, green)
		Eventually(r.replicaSets).WithContext(ctx).WithArguments("2").Should(HaveLen(1))
		Expect(r.switchTo(ctx, "2")).To(MatchError(ContainSubstring("deployment/green is scaled to 0")))
	})

	It("is denied when green lacks the port that the Service names", func(ctx context.Context) {
		green := fixture.Deployment(r.namespace, "green", "2")
		web := &green.Spec.Template.Spec.Containers[0]
		web.Ports[0].Name = "web"
		web.ReadinessProbe.HTTPGet.Port = intstr.FromString("web")
		r.create(ctx, green)
		r.waitComplete(ctx, "green")
		Expect(r.switchTo(ctx, "2")).To(MatchError(ContainSubstring(`declares no TCP port named "http", the targetPort of the Service`)))
	})

	It("is denied, with the quota's message, when green cannot create its pods", func(ctx context.Context) {
		r.create(ctx, quota(r.namespace, 4))
		r.create(ctx, fixture.Deployment(r.namespace, "green", "2"))
		Eventually(func(ctx context.Context) error { return r.switchTo(ctx, "2") }).WithContext(ctx).
			Should(MatchError(MatchRegexp(`\(1/3 available\).*FailedCreate \(.*exceeded quota: pods`)))
	})

	It("is allowed from a Service that nothing serves", func(ctx context.Context) {
		r.setReady(ctx, "1", 3, "false")
		Eventually(r.endpoints).WithContext(ctx).Should(BeZero())
		Expect(r.switchTo(ctx, "2")).To(Succeed())
	})
})

var _ = Describe("editing a Service without moving its traffic", func() {
	It("never reaches the webhook", func(ctx context.Context) {
		r := newRelease(ctx)
		judged := func(ctx context.Context) float64 {
			count, err := guarded.Count(ctx, "greenlight_admission_decisions_total", map[string]string{"resource": "services"})
			Expect(err).NotTo(HaveOccurred())
			return count
		}
		before := judged(ctx)
		Expect(r.updateService(ctx, func(service *corev1.Service) {
			service.Annotations = map[string]string{"team": "shop"}
			service.Spec.Ports[0].Port = 81
		})).To(Succeed())
		Expect(judged(ctx)).To(Equal(before))
		Expect(r.switchTo(ctx, "9")).NotTo(Succeed())
		Expect(judged(ctx)).To(BeNumerically(">", before))
	})
})
