package e2e

import (
	"context"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

var _ = Describe(decisionTable, func() {
	It("a quota that keeps pods from being made is named", func(ctx context.Context) {
		namespace, err := guarded.Namespace(ctx)
		Expect(err).NotTo(HaveOccurred())
		w := world{release{namespace}}
		w.create(ctx, quota(namespace, 2))
		w.awaitQuota(ctx)
		w.create(ctx, w.workload("blue", 1))
		w.waitAvailable(ctx, "blue")
		w.create(ctx, w.workload("green", 2))
		Eventually(w.replicaSets).WithContext(ctx).WithArguments("green").Should(ContainElement(HaveField("Status.Conditions", Not(BeEmpty()))))
		w.waitRunning(ctx, "green", 1)
		w.judge(ctx, row{to: to("green"), denied: "selector version blue → green: ReplicaSet green-1 is not fully ready (1/2 available): " +
			`FailedCreate (pods "green-1-x" is forbidden: exceeded quota: pods, requested: pods=1, used: pods=2, limited: pods=2). ` + retryAfter("deployment", "green")})
	})
})

// quota limits the pods of a namespace, and allows no Secret.
func quota(namespace string, pods int64) *corev1.ResourceQuota {
	return &corev1.ResourceQuota{
		ObjectMeta: metav1.ObjectMeta{Namespace: namespace, Name: "pods"},
		Spec: corev1.ResourceQuotaSpec{Hard: corev1.ResourceList{
			corev1.ResourcePods:    *resource.NewQuantity(pods, resource.DecimalSI),
			corev1.ResourceSecrets: *resource.NewQuantity(0, resource.DecimalSI),
		}},
	}
}

// awaitQuota waits until the API server knows how much of the quota is used, which it shows by refusing a Secret: before
// that it lets pods pass, or refuses them for another reason.
func (w world) awaitQuota(ctx context.Context) {
	secret := &corev1.Secret{ObjectMeta: metav1.ObjectMeta{Namespace: w.namespace, Name: "refused"}}
	Eventually(func(ctx context.Context) error {
		return guarded.Client.Create(ctx, secret.DeepCopy(), client.DryRunAll)
	}).WithContext(ctx).Should(MatchError(ContainSubstring("exceeded quota: pods")))
}
