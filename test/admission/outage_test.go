package admission

import (
	"context"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"golang.org/x/sys/unix"
	corev1 "k8s.io/api/core/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"greenlight.dev/greenlight/test/fixture"
	"greenlight.dev/greenlight/test/install"
)

// Serial, because nothing else can be tested while the webhook is gone.
var _ = Describe("while no webhook answers", Serial, func() {
	It("Deployments pass unchecked, other edits of a Service pass, and switches of a Service are held", func(ctx context.Context) {
		namespace := newNamespace(ctx)
		stopWebhook()
		bare := fixture.Bare(fixture.Deployment(namespace, "web", "1"))
		Expect(guarded.Client.Create(ctx, bare)).To(Succeed())
		Expect(bare.Spec.Template.Spec.Containers[0].ReadinessProbe).To(BeNil())

		service := &corev1.Service{}
		Expect(guarded.Client.Get(ctx, client.ObjectKey{Namespace: namespace, Name: fixture.App}, service)).To(Succeed())
		service.Spec.Ports[0].Port = 81
		Expect(guarded.Client.Update(ctx, service)).To(Succeed())
		service.Spec.Selector = fixture.Labels("2")
		Expect(guarded.Client.Update(ctx, service)).To(MatchError(ContainSubstring(
			`failed calling webhook "services.validate.greenlight.dev"`)))
	})

	It("switches pass in the namespaces of which nothing is asked", func(ctx context.Context) {
		stopWebhook()
		for _, namespace := range leftOut {
			service := fixture.Service(namespace, "1")
			Expect(guarded.Client.Create(ctx, service)).To(Succeed())
			DeferCleanup(func(ctx context.Context) { Expect(guarded.Client.Delete(ctx, service)).To(Succeed()) })
			service.Spec.Selector = fixture.Labels("2")
			Expect(guarded.Client.Update(ctx, service)).To(Succeed())
		}
	})
})

// stopWebhook lets the webhook answer nothing until the test ends.
func stopWebhook() {
	GinkgoHelper()
	Expect(guarded.Pause(install.Webhook)).To(Succeed())
	DeferCleanup(func() { Expect(guarded.Signal(install.Webhook, unix.SIGCONT)).To(Succeed()) })
}
