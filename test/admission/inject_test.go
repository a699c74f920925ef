package admission

import (
	"context"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	appsv1 "k8s.io/api/apps/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"greenlight.dev/greenlight/test/fixture"
)

var _ = Describe("a Deployment without a readiness probe and a preStop hook", func() {
	var deployment *appsv1.Deployment

	BeforeEach(func(ctx context.Context) {
		deployment = fixture.Bare(fixture.Deployment(newNamespace(ctx), "web", "1"))
	})

	It("is stored with both, and with a record of what was injected", func(ctx context.Context) {
		Expect(guarded.Client.Create(ctx, deployment)).To(Succeed())
		web := deployment.Spec.Template.Spec.Containers[0]
		Expect(web.ReadinessProbe.TCPSocket.Port.IntValue()).To(Equal(8080))
		Expect(web.ReadinessProbe.PeriodSeconds).To(Equal(int32(5)))
		Expect(web.ReadinessProbe.TimeoutSeconds).To(Equal(int32(2)))
		Expect(web.ReadinessProbe.FailureThreshold).To(Equal(int32(3)))
		Expect(web.Lifecycle.PreStop.Sleep.Seconds).To(Equal(int64(5)))
		Expect(deployment.Annotations["greenlight.dev/injected"]).To(MatchJSON(
			`{"containers":{"web":{"preStop":{"sleep":{"seconds":5}},"readinessProbe":{"tcpSocket":{"port":8080}}}}}`))
	})

	It("is left as it was stored by later updates", func(ctx context.Context) {
		Expect(guarded.Client.Create(ctx, deployment)).To(Succeed())
		before := deployment.DeepCopy()
		deployment.Spec.Replicas = new(int32(5))
		Expect(guarded.Client.Update(ctx, deployment)).To(Succeed())
		Expect(deployment.Spec.Template).To(Equal(before.Spec.Template))
		Expect(deployment.Annotations).To(Equal(before.Annotations))
	})

	It("is not stored by a dry run, which shows the same", func(ctx context.Context) {
		Expect(guarded.Client.Create(ctx, deployment, client.DryRunAll)).To(Succeed())
		Expect(deployment.Spec.Template.Spec.Containers[0].ReadinessProbe).NotTo(BeNil())
		Expect(client.IgnoreNotFound(guarded.Client.Get(ctx, client.ObjectKeyFromObject(deployment), &appsv1.Deployment{}))).To(Succeed())
	})

	It("is left alone when it opts out", func(ctx context.Context) {
		deployment.Annotations = map[string]string{"greenlight.dev/inject": "false"}
		Expect(guarded.Client.Create(ctx, deployment)).To(Succeed())
		Expect(deployment.Spec.Template.Spec.Containers[0].ReadinessProbe).To(BeNil())
		Expect(deployment.Spec.Template.Spec.Containers[0].Lifecycle).To(BeNil())
	})

	It("is given its defaults by a PUT that leaves the uid out", func(ctx context.Context) {
		deployment.Annotations = map[string]string{"greenlight.dev/inject": "false"}
		Expect(guarded.Client.Create(ctx, deployment)).To(Succeed())
		deployment.Annotations, deployment.UID = nil, ""
		deployment.Spec.Template.Spec.Containers[0].Image += "-next"
		Expect(guarded.Client.Update(ctx, deployment)).To(Succeed())
		Expect(deployment.Spec.Template.Spec.Containers[0].ReadinessProbe).NotTo(BeNil())
	})
})
