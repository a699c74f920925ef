package e2e

import (
	"context"
	"slices"

	. "github.com/onsi/gomega"
	appsv1 "k8s.io/api/apps/v1"
	autoscalingv2 "k8s.io/api/autoscaling/v2"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"greenlight.dev/greenlight/test/cluster"
	"greenlight.dev/greenlight/test/fixture"
)

// world is a namespace of workloads in every state that a switch can lead to, each of the version that is
// its name. No case changes them, so that all cases share it.
type world struct{ release }

// newWorld makes the workloads that need no further step. Blue serves with 2 pods.
func newWorld(ctx context.Context) world {
	namespace, err := guarded.Namespace(ctx)
	Expect(err).NotTo(HaveOccurred())
	w := world{release{namespace}}
	for _, deployment := range []*appsv1.Deployment{
		w.workload("blue", 2), w.workload("green", 2),
		w.workload("small", 1), w.workload("minimal", 1), w.workload("zero", 0),
		fixture.Unready(w.workload("slow", 2)), w.waiting(), w.portless(), w.numberless(), w.otherPort(),
		w.workload("halted", 2), w.workload("stuck", 1), w.workload("rolling", 1),
		w.revisions(), paused(w.workload("unstarted", 1)),
	} {
		w.create(ctx, deployment)
	}
	w.create(ctx, w.autoscaler("minimal"))
	w.create(ctx, w.replicaSet("alone"))
	w.create(ctx, unreadySet(w.replicaSet("aloof")))
	w.create(ctx, ofRollout(w.replicaSet("argo")))
	w.create(ctx, ofRollout(unreadySet(w.replicaSet("argo-slow"))))
	w.awaitServiceAccount(ctx)
	w.create(ctx, w.pod("bare", "true"))
	w.create(ctx, w.pod("bare-slow", "false"))
	w.create(ctx, w.pod("bare-gone", "true"))
	w.createStatefulSets(ctx)
	return w
}

func (w world) workload(name string, replicas int32) *appsv1.Deployment {
	deployment := fixture.Deployment(w.namespace, name, name)
	deployment.Spec.Replicas = &replicas
	for label, names := range shared {
		if slices.Contains(names, name) {
			deployment.Spec.Template.Labels[label] = "yes"
		}
	}
	return deployment
}

// shared are labels that the pods of several Deployments have.
var shared = map[string][]string{"pair": {"blue", "green"}, "ports": {"blue", "other-port"}}

func paused(deployment *appsv1.Deployment) *appsv1.Deployment {
	deployment.Spec.Paused = true
	return deployment
}

// waiting cannot pull its image.
func (w world) waiting() *appsv1.Deployment {
	deployment := w.workload("waiting", 1)
	deployment.Spec.Template.Annotations[cluster.WaitingAnnotation] = "ImagePullBackOff"
	return deployment
}

// portless has no port of the name that the Service leads to.
func (w world) portless() *appsv1.Deployment {
	deployment := w.workload("portless", 2)
	container := &deployment.Spec.Template.Spec.Containers[0]
	container.Ports[0].Name = "web"
	container.ReadinessProbe.HTTPGet.Port.StrVal = "web"
	return deployment
}

// numberless declares no port at all.
func (w world) numberless() *appsv1.Deployment {
	deployment := w.workload("numberless", 2)
	container := &deployment.Spec.Template.Spec.Containers[0]
	container.Ports, container.ReadinessProbe = nil, nil
	return deployment
}

// otherPort has the name of the port at another number.
func (w world) otherPort() *appsv1.Deployment {
	deployment := w.workload("other-port", 2)
	deployment.Spec.Template.Spec.Containers[0].Ports[0].ContainerPort = 9090
	return deployment
}

// revisions keeps the pods of its first revision while those of its second have not been ready for long.
func (w world) revisions() *appsv1.Deployment {
	deployment := w.workload("revisions", 1)
	deployment.Spec.MinReadySeconds = 3000
	deployment.Spec.ProgressDeadlineSeconds = new(int32(6000))
	deployment.Spec.Template.Labels["revision"] = "1"
	return deployment
}

func (w world) autoscaler(name string) *autoscalingv2.HorizontalPodAutoscaler {
	return &autoscalingv2.HorizontalPodAutoscaler{
		ObjectMeta: metav1.ObjectMeta{Namespace: w.namespace, Name: name},
		Spec: autoscalingv2.HorizontalPodAutoscalerSpec{
			ScaleTargetRef: autoscalingv2.CrossVersionObjectReference{APIVersion: "apps/v1", Kind: "Deployment", Name: name},
			MinReplicas:    new(int32(1)), MaxReplicas: 9,
		},
	}
}

// replicaSet has no Deployment, and 2 replicas.
func (w world) replicaSet(name string) *appsv1.ReplicaSet {
	like := w.workload(name, 2)
	return &appsv1.ReplicaSet{ObjectMeta: like.ObjectMeta, Spec: appsv1.ReplicaSetSpec{
		Replicas: like.Spec.Replicas, Selector: like.Spec.Selector, Template: like.Spec.Template,
	}}
}

func unreadySet(replicaSet *appsv1.ReplicaSet) *appsv1.ReplicaSet {
	replicaSet.Spec.Template.Annotations[cluster.ReadyAnnotation] = "false"
	return replicaSet
}

// ofRollout makes a ReplicaSet one that Argo Rollouts has made.
func ofRollout(replicaSet *appsv1.ReplicaSet) *appsv1.ReplicaSet {
	replicaSet.OwnerReferences = []metav1.OwnerReference{{
		APIVersion: "argoproj.io/v1alpha1", Kind: "Rollout", Name: "hello", UID: types.UID("of-" + replicaSet.Name), Controller: new(true),
	}}
	return replicaSet
}

// awaitServiceAccount waits for what a pod is refused without. Controllers try again, and the world does not.
func (w world) awaitServiceAccount(ctx context.Context) {
	key := client.ObjectKey{Namespace: w.namespace, Name: "default"}
	Eventually(guarded.Client.Get).WithContext(ctx).WithArguments(key, &corev1.ServiceAccount{}).Should(Succeed())
}

func (w world) pod(name, ready string) *corev1.Pod {
	template := w.workload(name, 1).Spec.Template
	template.Annotations[cluster.ReadyAnnotation] = ready
	template.Annotations[cluster.EndsAfterAnnotation] = "1h"
	return &corev1.Pod{
		ObjectMeta: metav1.ObjectMeta{Namespace: w.namespace, Name: name, Labels: template.Labels, Annotations: template.Annotations},
		Spec:       template.Spec,
	}
}
