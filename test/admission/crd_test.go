package admission

import (
	"context"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"greenlight.dev/greenlight/api/v1alpha1"
)

// Serial, because there are no policies meanwhile.
var _ = Describe("without the CRD of RolloutPolicy", Serial, func() {
	It("the baseline governs, until the CRD is installed", func(ctx context.Context) {
		namespace := newNamespace(ctx)
		govern(ctx, namespace, denying(namespace))
		expectDenied(ctx, faulty(namespace))

		crd := &unstructured.Unstructured{}
		crd.SetGroupVersionKind(schema.GroupVersionKind{Group: "apiextensions.k8s.io", Version: "v1", Kind: "CustomResourceDefinition"})
		crd.SetName("rolloutpolicies.greenlight.dev")
		Expect(guarded.Client.Get(ctx, client.ObjectKeyFromObject(crd), crd)).To(Succeed())
		shipped := crd.DeepCopy()
		Expect(guarded.Client.Delete(ctx, crd)).To(Succeed())
		Eventually(func(ctx context.Context) bool {
			return apierrors.IsNotFound(guarded.Client.Get(ctx, client.ObjectKeyFromObject(crd), crd))
		}).WithContext(ctx).Should(BeTrue())
		expectAllowed(ctx, faulty(namespace))

		Expect(guarded.Restart(ctx)).To(Succeed())
		Expect(dryRun(ctx, faulty(namespace))).To(Succeed())

		shipped.SetResourceVersion("")
		shipped.SetUID("")
		unstructured.RemoveNestedField(shipped.Object, "status")
		Expect(guarded.Client.Create(ctx, shipped)).To(Succeed())
		policy := &v1alpha1.RolloutPolicy{ObjectMeta: metav1.ObjectMeta{Name: namespace}, Spec: denying(namespace)}
		Eventually(func(ctx context.Context) error {
			return guarded.Client.Create(ctx, policy.DeepCopy())
		}).WithContext(ctx).Should(Succeed())
		DeferCleanup(func(ctx context.Context) { Expect(guarded.Client.Delete(ctx, policy)).To(Succeed()) })
		expectDenied(ctx, faulty(namespace), "denied by "+latest)
	})
})
