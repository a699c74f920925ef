package admission

import (
	"context"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"greenlight.dev/greenlight/test/fixture"
)

// held keeps an object whose end was asked for.
const held = "test.invalid/held"

// What is ending still serves, for as long as whoever put a finalizer on it pleases.
var _ = Describe("an object that is being deleted", func() {
	It("is denied a change that takes its Service down", func(ctx context.Context) {
		deployment := fixture.Deployment(newNamespace(ctx), "web", "1")
		Expect(guarded.Client.Create(ctx, deployment)).To(Succeed())
		end(ctx, deployment)
		deployment.Spec.Strategy = appsv1.DeploymentStrategy{Type: appsv1.RecreateDeploymentStrategyType}
		err := guarded.Client.Update(ctx, deployment, client.DryRunAll)
		Expect(err).To(MatchError(ContainSubstring("denied by recreate-strategy")))
	})

	It("is denied a switch to what nobody deployed", func(ctx context.Context) {
		namespace := newNamespace(ctx)
		Expect(fixture.RollOut(ctx, guarded.Client, fixture.Deployment(namespace, "web", "1"), 1)).To(Succeed())
		service := &corev1.Service{}
		Expect(guarded.Client.Get(ctx, client.ObjectKey{Namespace: namespace, Name: fixture.App}, service)).To(Succeed())
		end(ctx, service)
		service.Spec.Selector = fixture.Labels("2")
		Expect(guarded.Client.Update(ctx, service)).To(MatchError(ContainSubstring("denied by service-switch-not-ready")))
	})
})

// end deletes an object, which stays with a deletionTimestamp until the test ends.
func end(ctx context.Context, object client.Object) {
	GinkgoHelper()
	finalize := func(ctx context.Context, finalizers string) error {
		return guarded.Client.Patch(ctx, object, client.RawPatch(types.MergePatchType, []byte(`{"metadata":{"finalizers":`+finalizers+`}}`)))
	}
	Expect(finalize(ctx, `["`+held+`"]`)).To(Succeed())
	DeferCleanup(func(ctx context.Context) { Expect(finalize(ctx, "null")).To(Succeed()) })
	Expect(guarded.Client.Delete(ctx, object)).To(Succeed())
	Expect(guarded.Client.Get(ctx, client.ObjectKeyFromObject(object), object)).To(Succeed())
	Expect(object.GetDeletionTimestamp()).NotTo(BeNil())
}
