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
	"sigs.k8s.io/controller-runtime/pkg/client"

	"greenlight.dev/greenlight/test/fixture"
)

const (
	// podsEach is how many pods a Deployment of a platform has.
	podsEach = 5
	// autoscaledEvery and budgetedEvery are how many Deployments there are for one with a
	// HorizontalPodAutoscaler, and for one with a PodDisruptionBudget.
	autoscaledEvery = 10
	budgetedEvery   = 2
)

// platform returns a cluster of so many namespaces and Deployments in each, of which all pods are ready. There are no
// controllers: everything is written as they would leave it, so that what is measured meets no other work.
func platform(t *testing.T, namespaces, deployments int) *fixture.Unguarded {
	t.Helper()
	u := start(t)
	c := content{namespaces: namespaces, deployments: deployments, services: 1, deploy: rollOut}
	begun := time.Now()
	fill(t, u.Client, c)
	c.each(t, func(ctx context.Context, namespace string) error { return c.surround(ctx, u.Client, namespace) })
	t.Logf("%d Deployments with %d pods are there after %s", namespaces*deployments, namespaces*deployments*podsEach, time.Since(begun).Round(time.Second))
	return u
}

func rollOut(ctx context.Context, admin client.Client, namespace string, number int) error {
	return fixture.RollOut(ctx, admin, labelled(namespace, number), 1)
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
