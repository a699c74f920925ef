package scale

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"testing"
	"time"

	appsv1 "k8s.io/api/apps/v1"
	autoscalingv2 "k8s.io/api/autoscaling/v2"
	policyv1 "k8s.io/api/policy/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
	"k8s.io/apimachinery/pkg/util/wait"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"greenlight.dev/greenlight/test/cluster"
	"greenlight.dev/greenlight/test/fixture"
)

const (
	// podsEach is how many pods a Deployment of a platform has.
	podsEach = 5
	// podsPerNode is less than a node has room for.
	podsPerNode = 900
	// autoscaledEvery and budgetedEvery are how many Deployments there are for one with a
	// HorizontalPodAutoscaler, and for one with a PodDisruptionBudget.
	autoscaledEvery = 10
	budgetedEvery   = 2
	// readyLimit is for the pods of a whole platform.
	readyLimit = 40 * time.Minute
)

// platform returns a cluster of so many namespaces and Deployments in each, of which all pods are ready: the real
// controllers, scheduler and kwok have made them. Then the controllers end, so that what is measured meets no other
// work.
func platform(t *testing.T, nodes int, namespaces, deployments int) *fixture.Unguarded {
	t.Helper()
	u := start(t, nodes)
	c := content{namespaces: namespaces, deployments: deployments, services: 1, deployment: labelled}
	begun := time.Now()
	fill(t, u.Client, c)
	c.each(t, func(ctx context.Context, namespace string) error { return waitReady(ctx, u, namespace) })
	t.Logf("%d Deployments with %d pods are ready after %s", namespaces*deployments, namespaces*deployments*podsEach, time.Since(begun).Round(time.Second))
	for _, name := range []string{cluster.ControllerManager, cluster.Scheduler} {
		must(t, u.End(name))
	}
	c.each(t, func(ctx context.Context, namespace string) error { return c.surround(ctx, u.Client, namespace) })
	return u
}

// labelled returns a Deployment with the labels that Helm and the documentation of Kubernetes have.
func labelled(namespace string, number int) *appsv1.Deployment {
	deployment := newDeployment(namespace, number, podsEach)
	labels := map[string]string{
		"app.kubernetes.io/name": deployment.Name, "app.kubernetes.io/part-of": "shop", "app.kubernetes.io/managed-by": "Helm",
		"helm.sh/chart": fmt.Sprintf("%s-1.%d.0", deployment.Name, number),
	}
	deployment.Labels = maps.Clone(labels)
	maps.Copy(deployment.Spec.Template.Labels, labels)
	return deployment
}

// waitReady waits until all pods of a namespace are ready.
func waitReady(ctx context.Context, u *fixture.Unguarded, namespace string) error {
	return wait.PollUntilContextTimeout(ctx, time.Second, readyLimit, true, func(ctx context.Context) (bool, error) {
		var deployments appsv1.DeploymentList
		if err := errors.Join(u.Client.List(ctx, &deployments, client.InNamespace(namespace)), u.Check(ctx)); err != nil {
			return false, err
		}
		for _, deployment := range deployments.Items {
			if deployment.Status.ReadyReplicas < podsEach {
				return false, nil
			}
		}
		return true, nil
	})
}

// surround makes what stands around the Deployments of a namespace.
func (c content) surround(ctx context.Context, admin client.Client, namespace string) error {
	var err error
	for n := range c.deployments {
		meta := metav1.ObjectMeta{Namespace: namespace, Name: deploymentName(n)}
		if n%autoscaledEvery == 0 {
			target := autoscalingv2.CrossVersionObjectReference{APIVersion: "apps/v1", Kind: "Deployment", Name: meta.Name}
			err = errors.Join(err, admin.Create(ctx, &autoscalingv2.HorizontalPodAutoscaler{ObjectMeta: meta,
				Spec: autoscalingv2.HorizontalPodAutoscalerSpec{ScaleTargetRef: target, MinReplicas: new(int32(2)), MaxReplicas: 10}}))
		}
		if n%budgetedEvery == 0 {
			selector := &metav1.LabelSelector{MatchLabels: fixture.Labels(fmt.Sprint(n))}
			err = errors.Join(err, admin.Create(ctx, &policyv1.PodDisruptionBudget{ObjectMeta: meta,
				Spec: policyv1.PodDisruptionBudgetSpec{Selector: selector, MinAvailable: new(intstr.FromInt32(2))}}))
		}
	}
	return err
}
