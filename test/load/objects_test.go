package load

import (
	"fmt"
	"maps"
	"strconv"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"greenlight.dev/greenlight/test/fixture"
)

var (
	deploymentKind = appsv1.SchemeGroupVersion.WithKind("Deployment")
	replicaSetKind = appsv1.SchemeGroupVersion.WithKind("ReplicaSet")
)

// newDeployment returns the Deployment of a version: fully rolled out, once its status is written.
func newDeployment(namespace string, version int, replicas int32) *appsv1.Deployment {
	label := strconv.Itoa(version)
	deployment := fixture.Deployment(namespace, fixture.App+"-"+label, label)
	deployment.Spec.Replicas = &replicas
	deployment.Status = appsv1.DeploymentStatus{
		ObservedGeneration: 1, Replicas: replicas, UpdatedReplicas: replicas, ReadyReplicas: replicas, AvailableReplicas: replicas,
	}
	return deployment
}

// newReplicaSet returns one of the revisions of a Deployment. The newest, 0, has all the replicas and the
// template of the Deployment; the others are what it ran before.
func newReplicaSet(owner *appsv1.Deployment, revision int) *appsv1.ReplicaSet {
	hash := fmt.Sprintf("hash%d", revision)
	labels := maps.Clone(owner.Spec.Template.Labels)
	labels[appsv1.DefaultDeploymentUniqueLabelKey] = hash
	template := owner.Spec.Template.DeepCopy()
	template.Labels = labels
	replicas := *owner.Spec.Replicas
	if revision > 0 {
		template.Spec.Containers[0].Image += "-" + strconv.Itoa(revision)
		replicas = 0
	}
	return &appsv1.ReplicaSet{
		ObjectMeta: ownedBy(owner, deploymentKind, owner.Name+"-"+hash, labels),
		Spec: appsv1.ReplicaSetSpec{
			Replicas: &replicas, Selector: &metav1.LabelSelector{MatchLabels: labels}, Template: *template,
		},
		Status: appsv1.ReplicaSetStatus{
			ObservedGeneration: 1, Replicas: replicas, FullyLabeledReplicas: replicas, ReadyReplicas: replicas, AvailableReplicas: replicas,
		},
	}
}

// newPod returns a pod of a ReplicaSet, which is ready once its status is written.
func newPod(owner *appsv1.ReplicaSet, number int) *corev1.Pod {
	now := metav1.Now()
	spec := *owner.Spec.Template.Spec.DeepCopy()
	spec.NodeName = "node-1"
	ip := fmt.Sprintf("10.244.0.%d", 1+number)
	return &corev1.Pod{
		ObjectMeta: ownedBy(owner, replicaSetKind, fmt.Sprintf("%s-%d", owner.Name, number), owner.Spec.Template.Labels),
		Spec:       spec,
		Status: corev1.PodStatus{
			Phase: corev1.PodRunning, PodIP: ip, PodIPs: []corev1.PodIP{{IP: ip}}, StartTime: &now,
			Conditions: []corev1.PodCondition{
				{Type: corev1.PodReady, Status: corev1.ConditionTrue, LastTransitionTime: now},
				{Type: corev1.ContainersReady, Status: corev1.ConditionTrue, LastTransitionTime: now},
			},
		},
	}
}

func ownedBy(owner metav1.Object, kind schema.GroupVersionKind, name string, labels map[string]string) metav1.ObjectMeta {
	return metav1.ObjectMeta{
		Namespace: owner.GetNamespace(), Name: name, Labels: labels,
		OwnerReferences: []metav1.OwnerReference{*metav1.NewControllerRef(owner, kind)},
	}
}
