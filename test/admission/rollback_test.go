package admission

import (
	"context"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	appsv1 "k8s.io/api/apps/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"greenlight.dev/greenlight/state"
)

var _ = Describe("a rollback", func() {
	It("brings back what is denied otherwise, once its ReplicaSet tells of no pods that are gone", func(ctx context.Context) {
		namespace := newNamespace(ctx)
		deployment := faulty(namespace)
		Expect(guarded.Client.Create(ctx, deployment)).To(Succeed())
		govern(ctx, namespace, denying(namespace))
		back := deployment.DeepCopy()
		revision := scaledDown(ctx, deployment)
		deployment.Spec.Template.Spec.Containers[0].Image = "registry.example/hello:2"
		Expect(guarded.Client.Update(ctx, deployment)).To(Succeed())
		back.ResourceVersion = deployment.ResourceVersion

		Eventually(func(ctx context.Context) []string {
			return warningsOf(ctx, guarded.Config(), func(ctx context.Context, c client.Client) error {
				return c.Update(ctx, back.DeepCopy(), client.DryRunAll)
			})
		}).WithContext(ctx).Should(ContainElement(And(HavePrefix(latest+": "), HaveSuffix("(allowed, because it goes back to an earlier revision)"))))
		updated := make(chan error, 1)
		go func() { updated <- guarded.Client.Update(ctx, back) }()
		Consistently(updated, time.Second).ShouldNot(Receive())
		revision.Status = appsv1.ReplicaSetStatus{ObservedGeneration: revision.Generation}
		Expect(guarded.Client.Status().Update(ctx, revision)).To(Succeed())
		Eventually(updated, time.Second).Should(Receive(BeNil()))
	})
})

// scaledDown makes the ReplicaSet of a Deployment that was scaled to 0 just now, and whose status tells of 3
// available pods.
func scaledDown(ctx context.Context, deployment *appsv1.Deployment) *appsv1.ReplicaSet {
	GinkgoHelper()
	template := deployment.Spec.Template.DeepCopy()
	template.Labels[appsv1.DefaultDeploymentUniqueLabelKey] = "5f8d"
	revision := &appsv1.ReplicaSet{
		ObjectMeta: metav1.ObjectMeta{
			Namespace: deployment.Namespace, Name: deployment.Name + "-5f8d", Labels: template.Labels,
			OwnerReferences: []metav1.OwnerReference{*metav1.NewControllerRef(deployment, state.Deployment)},
		},
		Spec: appsv1.ReplicaSetSpec{Replicas: new(int32(0)), Selector: &metav1.LabelSelector{MatchLabels: template.Labels}, Template: *template},
	}
	Expect(guarded.Client.Create(ctx, revision)).To(Succeed())
	revision.Status = appsv1.ReplicaSetStatus{Replicas: 3, ReadyReplicas: 3, AvailableReplicas: 3}
	Expect(guarded.Client.Status().Update(ctx, revision)).To(Succeed())
	return revision
}
