package e2e

import (
	"context"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	corev1 "k8s.io/api/core/v1"

	"greenlight.dev/greenlight/test/fixture"
)

var _ = Describe("switching a Service from blue to green", func() {
	var r release

	BeforeEach(func(ctx context.Context) { r = newRelease(ctx) })

	deployGreen := func(ctx context.Context) {
		r.create(ctx, fixture.Unready(fixture.Deployment(r.namespace, "green", "2")))
		r.waitRunning(ctx, "2", 3)
	}

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
