package e2e

import (
	"context"
	"slices"
	"strings"

	. "github.com/onsi/gomega"
	appsv1 "k8s.io/api/apps/v1"
	"k8s.io/client-go/util/retry"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"greenlight.dev/greenlight/test/cluster"
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

// waitRunning waits for pods whose readiness was decided: kwok plays a probe only once a pod runs.
func (w world) waitRunning(ctx context.Context, version string, count int) {
	Eventually(w.statuses).WithContext(ctx).WithArguments(version).Should(HaveExactElements(slices.Repeat([]any{"Running"}, count)...), version)
}

// statuses returns of each pod of a version that it runs, or what it waits for.
func (w world) statuses(ctx context.Context, version string) []string {
	var statuses []string
	for _, pod := range w.pods(ctx, version) {
		status := string(pod.Status.Phase)
		for _, container := range pod.Status.ContainerStatuses {
			if waiting := container.State.Waiting; waiting != nil {
				status = waiting.Reason
			}
			if pod.Annotations[cluster.ReadyAnnotation] != "false" && container.State.Running != nil && !container.Ready {
				status = "NotReady"
			}
		}
		statuses = append(statuses, status)
	}
	return statuses
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

// change updates a Deployment of the world. Its controller may write the status at the same moment.
func (w world) change(ctx context.Context, name string, change func(*appsv1.Deployment)) {
	Expect(retry.RetryOnConflict(retry.DefaultRetry, func() error {
		deployment := w.deploymentWithAnnotations(ctx, name)
		change(deployment)
		return guarded.Client.Update(ctx, deployment)
	})).To(Succeed())
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
