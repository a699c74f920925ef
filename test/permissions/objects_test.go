package permissions

import (
	"context"
	"fmt"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/wait"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"greenlight.dev/greenlight/api/v1alpha1"
	"greenlight.dev/greenlight/test/fixture"
)

func claim(namespace string) *corev1.PersistentVolumeClaim {
	return &corev1.PersistentVolumeClaim{
		ObjectMeta: metav1.ObjectMeta{Namespace: namespace, Name: "data"},
		Spec: corev1.PersistentVolumeClaimSpec{
			AccessModes: []corev1.PersistentVolumeAccessMode{corev1.ReadWriteMany},
			Resources:   corev1.VolumeResourceRequirements{Requests: corev1.ResourceList{corev1.ResourceStorage: resource.MustParse("1Gi")}},
		},
	}
}

// withVolume mounts the claim. Its pods stay pending, since nobody provides the volume.
func withVolume(deployment *appsv1.Deployment) *appsv1.Deployment {
	deployment.Spec.Template.Spec.Volumes = []corev1.Volume{{Name: "data", VolumeSource: corev1.VolumeSource{
		PersistentVolumeClaim: &corev1.PersistentVolumeClaimVolumeSource{ClaimName: "data"},
	}}}
	return deployment
}

func statefulSet(namespace, version string) *appsv1.StatefulSet {
	deployment := fixture.Deployment(namespace, "set", version)
	return &appsv1.StatefulSet{
		ObjectMeta: deployment.ObjectMeta,
		Spec: appsv1.StatefulSetSpec{
			Replicas: deployment.Spec.Replicas, Selector: deployment.Spec.Selector, Template: deployment.Spec.Template,
			ServiceName: fixture.App, PodManagementPolicy: appsv1.ParallelPodManagement,
		},
	}
}

func (c *cluster) namespace() string {
	c.Helper()
	namespace, err := c.Namespace(c.Context())
	if err != nil {
		c.Fatal(err)
	}
	return namespace
}

// create retries while the caches of the webhook do not know of what was created before.
func (c *cluster) create(objects ...client.Object) {
	c.Helper()
	for _, object := range objects {
		c.eventually(fmt.Sprintf("creating %T %s", object, object.GetName()), func(ctx context.Context) error {
			return c.Client.Create(ctx, object)
		})
	}
}

// waitAccepted creates a policy, and waits until its status tells what became of it.
func (c *cluster) waitAccepted(name string, write func(*v1alpha1.RolloutPolicySpec)) {
	c.Helper()
	policy := &v1alpha1.RolloutPolicy{ObjectMeta: metav1.ObjectMeta{Name: name}}
	write(&policy.Spec)
	c.create(policy)
	c.eventually("the policy's status", func(ctx context.Context) error {
		err := c.Client.Get(ctx, client.ObjectKeyFromObject(policy), policy)
		if err == nil && !meta.IsStatusConditionTrue(policy.Status.Conditions, v1alpha1.Accepted) {
			err = fmt.Errorf("its conditions are %v", policy.Status.Conditions)
		}
		return err
	})
}

func (c *cluster) waitForPods(namespace string, count int) {
	c.Helper()
	c.eventually("pods that are ready", func(ctx context.Context) error {
		var pods corev1.PodList
		if err := c.Client.List(ctx, &pods, client.InNamespace(namespace), client.MatchingLabels(serving)); err != nil {
			return err
		}
		ready := 0
		for _, pod := range pods.Items {
			if pod.DeletionTimestamp == nil && isReady(pod) {
				ready++
			}
		}
		if ready != count {
			return fmt.Errorf("%d are ready: want %d", ready, count)
		}
		return nil
	})
}

func isReady(pod corev1.Pod) bool {
	for _, condition := range pod.Status.Conditions {
		if condition.Type == corev1.PodReady {
			return condition.Status == corev1.ConditionTrue
		}
	}
	return false
}

func (c *cluster) eventually(what string, try func(context.Context) error) {
	c.Helper()
	var last error
	err := wait.PollUntilContextTimeout(c.Context(), period, limit, true, func(ctx context.Context) (bool, error) {
		err := try(ctx)
		if ctx.Err() == nil {
			last = err
		}
		return err == nil, nil
	})
	if err != nil {
		c.Fatalf("%s: %v (%v)", what, err, last)
	}
}
