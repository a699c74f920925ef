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
	const goesBack = "(allowed, because it goes back to an earlier revision)"
	var back *appsv1.Deployment
	var revision *appsv1.ReplicaSet

	// The Deployment runs version 2. The ReplicaSet of its earlier revision, which would be denied but for a
	// rollback, was scaled to 0 just now and still tells of its pods.
	BeforeEach(func(ctx context.Context) {
		namespace := newNamespace(ctx)
		deployment := faulty(namespace)
		Expect(guarded.Client.Create(ctx, deployment)).To(Succeed())
		govern(ctx, namespace, denying(namespace))
		back = deployment.DeepCopy()
		revision = replicaSet(ctx, deployment, "1", 0)
		deployment.Spec.Template.Spec.Containers[0].Image = "registry.example/hello:2"
		Expect(guarded.Client.Update(ctx, deployment)).To(Succeed())
		replicaSet(ctx, deployment, "2", 3)
		back.ResourceVersion = deployment.ResourceVersion
		Eventually(func(ctx context.Context) []string {
			return warningsOf(ctx, guarded.Config(), func(ctx context.Context, c client.Client) error {
				return c.Update(ctx, back.DeepCopy(), client.DryRunAll)
			})
		}).WithContext(ctx).Should(ConsistOf(And(HavePrefix(latest+": "), HaveSuffix(goesBack))))
	})

	It("waits until no pod that is gone counts", func(ctx context.Context) {
		updated := make(chan error, 1)
		go func() { updated <- guarded.Client.Update(ctx, back) }()
		Consistently(updated, time.Second).ShouldNot(Receive())
		revision.Status = appsv1.ReplicaSetStatus{ObservedGeneration: revision.Generation}
		Expect(guarded.Client.Status().Update(ctx, revision)).To(Succeed())
		Eventually(updated, time.Second).Should(Receive(BeNil()))
	})

	It("goes on when the controllers do not catch up, and says so", func(ctx context.Context) {
		Expect(warningsOf(ctx, guarded.Config(), func(ctx context.Context, c client.Client) error {
			return c.Update(ctx, back)
		})).To(ConsistOf(HaveSuffix(goesBack),
			"Pods of ReplicaSet web-1 that are gone still count as available: pods that serve may be taken away in their stead."))
	})
})

// replicaSet makes the ReplicaSet of a Deployment's template, whose status tells of 3 available pods.
func replicaSet(ctx context.Context, deployment *appsv1.Deployment, hash string, replicas int32) *appsv1.ReplicaSet {
	GinkgoHelper()
	template := deployment.Spec.Template.DeepCopy()
	template.Labels[appsv1.DefaultDeploymentUniqueLabelKey] = hash
	made := &appsv1.ReplicaSet{
		ObjectMeta: metav1.ObjectMeta{
			Namespace: deployment.Namespace, Name: deployment.Name + "-" + hash, Labels: template.Labels,
			OwnerReferences: []metav1.OwnerReference{*metav1.NewControllerRef(deployment, state.Deployment)},
		},
		Spec: appsv1.ReplicaSetSpec{Replicas: &replicas, Selector: &metav1.LabelSelector{MatchLabels: template.Labels}, Template: *template},
	}
	Expect(guarded.Client.Create(ctx, made)).To(Succeed())
	made.Status = appsv1.ReplicaSetStatus{Replicas: 3, ReadyReplicas: 3, AvailableReplicas: 3}
	Expect(guarded.Client.Status().Update(ctx, made)).To(Succeed())
	return made
}
