package e2e

import (
	"context"
	"fmt"
	"slices"

	. "github.com/onsi/gomega"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	discoveryv1 "k8s.io/api/discovery/v1"
	"k8s.io/client-go/util/retry"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"greenlight.dev/greenlight/test/cluster"
	"greenlight.dev/greenlight/test/fixture"
)

// release is a blue/green release in a namespace of its own.
type release struct{ namespace string }

// newRelease makes a namespace in which blue, version 1, serves.
func newRelease(ctx context.Context) release {
	namespace, err := guarded.Namespace(ctx)
	Expect(err).NotTo(HaveOccurred())
	r := release{namespace}
	r.create(ctx, fixture.Service(namespace, "1"))
	r.create(ctx, fixture.Deployment(namespace, "blue", "1"))
	r.waitReady(ctx, "1", 3)
	Eventually(r.endpoints).WithContext(ctx).Should(Equal(3))
	return r
}

func (r release) create(ctx context.Context, object client.Object) {
	Expect(guarded.Client.Create(ctx, object)).To(Succeed())
}

// switchTo points the Service at a version.
func (r release) switchTo(ctx context.Context, version string) error {
	return r.updateService(ctx, func(service *corev1.Service) { service.Spec.Selector = fixture.Labels(version) })
}

func (r release) updateService(ctx context.Context, change func(*corev1.Service)) error {
	service := &corev1.Service{}
	Expect(guarded.Client.Get(ctx, client.ObjectKey{Namespace: r.namespace, Name: fixture.App}, service)).To(Succeed())
	change(service)
	return guarded.Client.Update(ctx, service)
}

// updateDeployment changes a Deployment. Its controller may write the status at the same moment.
func (r release) updateDeployment(ctx context.Context, name string, change func(*appsv1.Deployment)) error {
	return retry.RetryOnConflict(retry.DefaultRetry, func() error {
		deployment := r.deploymentWithAnnotations(ctx, name)
		change(deployment)
		return guarded.Client.Update(ctx, deployment)
	})
}

func (r release) deployment(ctx context.Context, name string) *appsv1.Deployment {
	deployment := &appsv1.Deployment{}
	Expect(guarded.Client.Get(ctx, client.ObjectKey{Namespace: r.namespace, Name: name}, deployment)).To(Succeed())
	return deployment
}

// letReady lets the first pods of a version pass their readiness probe.
func (r release) letReady(ctx context.Context, version string, count int) {
	r.setReady(ctx, version, count, "true")
}

// setReady says of the first pods of a version whether they pass their readiness probe.
func (r release) setReady(ctx context.Context, version string, count int, ready string) {
	Eventually(r.pods).WithContext(ctx).WithArguments(version).Should(HaveLen(3))
	for _, pod := range r.pods(ctx, version)[:count] {
		patch := fmt.Appendf(nil, `{"metadata":{"annotations":{%q:%q}}}`, cluster.ReadyAnnotation, ready)
		Expect(guarded.Client.Patch(ctx, &pod, client.RawPatch("application/merge-patch+json", patch))).To(Succeed())
	}
}

func (r release) pods(ctx context.Context, version string) []corev1.Pod {
	list := &corev1.PodList{}
	Expect(guarded.Client.List(ctx, list, client.InNamespace(r.namespace), client.MatchingLabels(fixture.Labels(version)))).To(Succeed())
	return list.Items
}

// waitReady waits until the ReplicaSet controller counts that many ready pods of a version.
func (r release) waitReady(ctx context.Context, version string, ready int32) {
	Eventually(func(ctx context.Context) int32 {
		var total int32
		for _, rs := range r.replicaSets(ctx, version) {
			total += rs.Status.ReadyReplicas
		}
		return total
	}).WithContext(ctx).Should(Equal(ready))
}

// waitRunning waits for pods whose readiness was decided: kwok plays a probe only once a pod runs.
func (r release) waitRunning(ctx context.Context, version string, count int) {
	Eventually(r.statuses).WithContext(ctx).WithArguments(version).Should(HaveExactElements(slices.Repeat([]any{"Running"}, count)...), version)
}

// statuses returns of each pod of a version that it runs, or what it waits for.
func (r release) statuses(ctx context.Context, version string) []string {
	var statuses []string
	for _, pod := range r.pods(ctx, version) {
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

// waitComplete waits for what kubectl rollout status waits for.
func (r release) waitComplete(ctx context.Context, name string) {
	output, err := guarded.Kubectl(ctx, "", "rollout", "status", "-n", r.namespace, "deployment/"+name, "--timeout=2m")
	Expect(err).NotTo(HaveOccurred(), output)
}

func (r release) replicaSets(ctx context.Context, version string) []appsv1.ReplicaSet {
	list := &appsv1.ReplicaSetList{}
	Expect(guarded.Client.List(ctx, list, client.InNamespace(r.namespace), client.MatchingLabels(fixture.Labels(version)))).To(Succeed())
	return list.Items
}

// endpoints counts the ready endpoints of the Service.
func (r release) endpoints(ctx context.Context) int {
	list := &discoveryv1.EndpointSliceList{}
	Expect(guarded.Client.List(ctx, list, client.InNamespace(r.namespace))).To(Succeed())
	ready := 0
	for _, slice := range list.Items {
		for _, endpoint := range slice.Endpoints {
			if endpoint.Conditions.Ready != nil && *endpoint.Conditions.Ready {
				ready += len(endpoint.Addresses)
			}
		}
	}
	return ready
}

// deploymentWithAnnotations returns a Deployment whose template's annotations can be added to.
func (r release) deploymentWithAnnotations(ctx context.Context, name string) *appsv1.Deployment {
	deployment := r.deployment(ctx, name)
	if deployment.Spec.Template.Annotations == nil {
		deployment.Spec.Template.Annotations = map[string]string{}
	}
	return deployment
}

// names returns the names of pods, sorted.
func names(pods []corev1.Pod) []string {
	var names []string
	for _, pod := range pods {
		names = append(names, pod.Name)
	}
	slices.Sort(names)
	return names
}
