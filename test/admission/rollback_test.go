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
	const (
		goesBack = "(allowed, because it goes back to an earlier revision)"
		late     = "Pods of ReplicaSet web-1 that are gone still count as available: pods that serve may be taken away in their stead."
	)
	update := func(ctx context.Context, deployment *appsv1.Deployment, options ...client.UpdateOption) []string {
		GinkgoHelper()
		return warningsOf(ctx, guarded.Config(), func(ctx context.Context, c client.Client) error {
			return c.Update(ctx, deployment.DeepCopy(), options...)
		})
	}

	// halfWay makes a Deployment that runs version 2, and returns it as it was before. The ReplicaSet of that earlier
	// revision, which would be denied but for a rollback, was scaled to 0 just now and still tells of its pods.
	halfWay := func(ctx context.Context) (back *appsv1.Deployment, revision *appsv1.ReplicaSet) {
		GinkgoHelper()
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

		// What the webhook sees of ReplicaSets comes in order: once it goes by the last one, it has seen the others.
		last := deployment.DeepCopy()
		last.Spec.Template.Spec.Containers[0].Image = "registry.example/hello"
		replicaSet(ctx, last, "0", 0)
		Eventually(update).WithContext(ctx).WithArguments(last, client.DryRunAll).Should(ConsistOf(HaveSuffix(goesBack)))
		return back, revision
	}

	It("waits until no pod that is gone counts", func(ctx context.Context) {
		var shown []string
		// A machine that stands still for longer than the webhook is patient shows nothing: another Deployment does.
		Eventually(func(ctx context.Context) []string {
			back, revision := halfWay(ctx)
			updated := make(chan []string, 1)
			go func() {
				defer GinkgoRecover()
				updated <- update(ctx, back)
			}()
			select {
			case shown = <-updated:
				Expect(shown).To(ContainElement(late), "it did not wait")
				return shown
			case <-time.After(time.Second):
			}
			revision.Status = appsv1.ReplicaSetStatus{ObservedGeneration: revision.Generation}
			Expect(guarded.Client.Status().Update(ctx, revision)).To(Succeed())
			Eventually(updated).Should(Receive(&shown))
			return shown
		}).WithContext(ctx).ShouldNot(ContainElement(late))
		Expect(shown).To(ConsistOf(And(HavePrefix(latest+": "), HaveSuffix(goesBack))))
	})

	It("goes on when the controllers do not catch up, and says so", func(ctx context.Context) {
		back, _ := halfWay(ctx)
		Expect(update(ctx, back)).To(ConsistOf(And(HavePrefix(latest+": "), HaveSuffix(goesBack)), late))
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
