package e2e

import (
	"context"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	appsv1 "k8s.io/api/apps/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"greenlight.dev/greenlight/test/fixture"
)

// settle waits until the workloads are in the state that they stay in.
func (w world) settle(ctx context.Context) {
	running := map[string]int{
		"blue": 2, "green": 2, "small": 1, "minimal": 1, "slow": 2, "portless": 2, "numberless": 2, "other-port": 2,
		"halted": 2, "stuck": 1, "rolling": 1, "revisions": 1, "alone": 2, "aloof": 2, "argo": 2, "argo-slow": 2,
		"bare": 1, "bare-slow": 1, "bare-gone": 1,
	}
	for version, count := range running {
		w.waitRunning(ctx, version, count)
	}
	for _, name := range []string{"blue", "green", "small", "minimal", "portless", "numberless", "other-port", "halted", "stuck", "rolling"} {
		w.waitAvailable(ctx, name)
	}
	Eventually(func(ctx context.Context) int32 {
		replicaSet := &appsv1.ReplicaSet{}
		Expect(guarded.Client.Get(ctx, client.ObjectKey{Namespace: w.namespace, Name: "alone"}, replicaSet)).To(Succeed())
		return replicaSet.Status.AvailableReplicas
	}).WithContext(ctx).Should(Equal(int32(2)))
	Eventually(func(ctx context.Context) string {
		statuses := w.statuses(ctx, "waiting")
		return strings.Join(statuses, " ")
	}).WithContext(ctx).Should(Equal("ImagePullBackOff"))
}

// waitAvailable waits until every replica of a Deployment is available, and of its template.
func (w world) waitAvailable(ctx context.Context, name string) {
	Eventually(func(ctx context.Context) bool {
		deployment := w.deployment(ctx, name)
		replicas, status := *deployment.Spec.Replicas, deployment.Status
		return status.ObservedGeneration == deployment.Generation && status.Replicas == replicas &&
			status.UpdatedReplicas == replicas && status.AvailableReplicas == replicas
	}).WithContext(ctx).Should(BeTrue(), name)
}

// change updates a Deployment of the world.
func (w world) change(ctx context.Context, name string, change func(*appsv1.Deployment)) {
	GinkgoHelper()
	Expect(w.updateDeployment(ctx, name, change)).To(Succeed())
}

// unrest brings some of the workloads into the middle of something.
func (w world) unrest(ctx context.Context) {
	newer := func(deployment *appsv1.Deployment) { deployment.Spec.Template.Annotations["newer"] = "true" }
	w.change(ctx, "halted", func(deployment *appsv1.Deployment) { paused(deployment) })
	w.change(ctx, "stuck", func(deployment *appsv1.Deployment) { newer(paused(deployment)) })
	w.change(ctx, "rolling", func(deployment *appsv1.Deployment) { fixture.Unready(deployment) })
	w.change(ctx, "revisions", func(deployment *appsv1.Deployment) { deployment.Spec.Template.Labels["revision"] = "2" })
	Expect(guarded.Client.Delete(ctx, w.pod("bare-gone", "true"))).To(Succeed())
	w.unrestStatefulSets(ctx)
	w.waitRunning(ctx, "rolling", 2)
	w.waitRunning(ctx, "revisions", 2)
	Eventually(func(ctx context.Context) []int64 {
		var observed []int64
		for _, name := range []string{"halted", "stuck", "unstarted"} {
			deployment := w.deployment(ctx, name)
			observed = append(observed, deployment.Generation-deployment.Status.ObservedGeneration)
		}
		return observed
	}).WithContext(ctx).Should(HaveEach(int64(0)))
}
