package admission

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	admissionv1 "k8s.io/api/admission/v1"
	appsv1 "k8s.io/api/apps/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"

	"greenlight.dev/greenlight/api/v1alpha1"
	"greenlight.dev/greenlight/test/install"
)

// Serial, because one of them does not answer for a while.
var _ = Describe("two replicas", Serial, Ordered, func() {
	var second *install.Installation

	BeforeAll(func(ctx context.Context) {
		var err error
		second, err = guarded.Replica(ctx, "greenlight-webhook-2", "")
		Expect(err).NotTo(HaveOccurred())
		DeferCleanup(func() { Expect(guarded.End("greenlight-webhook-2")).To(Succeed()) })
	})

	It("both take in a policy as it is written, changed and deleted", func(ctx context.Context) {
		namespace := newNamespace(ctx)
		policy := govern(ctx, namespace, denying(namespace))
		expectDenied(ctx, faulty(namespace))
		Eventually(verdict).WithContext(ctx).WithArguments(second, faulty(namespace)).Should(BeFalse())

		turn(ctx, policy, v1alpha1.Off)
		expectAllowed(ctx, faulty(namespace))
		Eventually(verdict).WithContext(ctx).WithArguments(second, faulty(namespace)).Should(BeTrue())

		turn(ctx, policy, v1alpha1.Deny)
		Eventually(verdict).WithContext(ctx).WithArguments(second, faulty(namespace)).Should(BeFalse())
		Expect(guarded.Client.Delete(ctx, policy)).To(Succeed())
		expectAllowed(ctx, faulty(namespace))
		Eventually(verdict).WithContext(ctx).WithArguments(second, faulty(namespace)).Should(BeTrue())
	})

	It("agree on its status, and then leave it alone", func(ctx context.Context) {
		namespace := newNamespace(ctx)
		policy := govern(ctx, namespace, denying(namespace))
		pastGreenlight(func() {
			rewrite(ctx, policy, func(spec *v1alpha1.RolloutPolicySpec) { spec.Rules[0].Name = "unknown" })
		})
		Eventually(acceptance).WithContext(ctx).WithArguments(policy).Should(HaveField("Status", metav1.ConditionFalse))
		version := settled(ctx, policy)
		Consistently(func(ctx context.Context) (string, error) {
			_, err := acceptance(ctx, policy)
			return policy.ResourceVersion, err
		}).WithContext(ctx).WithTimeout(statusQuiet).Should(Equal(version))
	})
})

var _ = Describe("a webhook with a policy file", func() {
	It("goes by the file alone", func(ctx context.Context) {
		const text = "apiVersion: greenlight.dev/v1alpha1\nkind: RolloutPolicy\nmetadata: {name: file}\n" +
			`spec: {rules: [{name: mutable-image-tag, mode: "off"}]}`
		file := filepath.Join(GinkgoT().TempDir(), "policy.yaml")
		Expect(os.WriteFile(file, []byte(text), 0o600)).To(Succeed())
		alone, err := guarded.Replica(ctx, "greenlight-webhook-file", file)
		Expect(err).NotTo(HaveOccurred())
		DeferCleanup(func() { Expect(guarded.End("greenlight-webhook-file")).To(Succeed()) })

		namespace := newNamespace(ctx)
		govern(ctx, namespace, denying(namespace))
		expectDenied(ctx, faulty(namespace))
		Expect(verdict(ctx, alone, faulty(namespace))).To(BeTrue())
	})
})

// verdict says whether a replica that the API server does not ask would allow a new Deployment.
func verdict(ctx context.Context, replica *install.Installation, deployment *appsv1.Deployment) (bool, error) {
	raw, err := json.Marshal(deployment)
	if err != nil {
		return false, err
	}
	response, err := replica.Review(ctx, "/validate/deployments", &admissionv1.AdmissionRequest{
		UID: "verdict", Operation: admissionv1.Create, Namespace: deployment.Namespace, Name: deployment.Name,
		Kind:     metav1.GroupVersionKind{Group: "apps", Version: "v1", Kind: "Deployment"},
		Resource: metav1.GroupVersionResource{Group: "apps", Version: "v1", Resource: "deployments"},
		Object:   runtime.RawExtension{Raw: raw},
	})
	if err != nil {
		return false, err
	}
	return response.Allowed, nil
}
