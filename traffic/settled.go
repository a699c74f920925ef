package traffic

import (
	"maps"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// Owners are the workloads that control a pod.
type Owners struct {
	// StatefulSet is nil where a ReplicaSet controls the pod.
	StatefulSet *appsv1.StatefulSet
	ReplicaSet  *appsv1.ReplicaSet
	// Deployment is nil where the ReplicaSet is on its own.
	Deployment *appsv1.Deployment
}

// Settled returns what a pod is once its owners have what they want: the pod itself, the pod of their newest
// template that takes its place and is as ready, or nil where none does.
//
// It does not ask how far they are: a rolling update that waits for a new pod, or that is paused, goes on some
// time.
func (o Owners) Settled(pod *corev1.Pod) *corev1.Pod {
	if o.StatefulSet != nil {
		return settledIn(o.StatefulSet, pod)
	}
	deployment := o.Deployment
	switch {
	case Replicas(o.ReplicaSet.Spec.Replicas) == 0:
		return nil
	case deployment == nil:
		return pod
	case Replicas(deployment.Spec.Replicas) == 0:
		return nil
	case TemplateFingerprint(&deployment.Spec.Template) == TemplateFingerprint(&o.ReplicaSet.Spec.Template):
		return pod
	}
	return succeeding(pod, deployment.Spec.Template.Labels, deployment.Spec.Template.Spec)
}

// settledIn keeps labels that the template does not have: what runs in the pods of a StatefulSet labels them
// by their role, and does so again.
func settledIn(set *appsv1.StatefulSet, pod *corev1.Pod) *corev1.Pod {
	switch {
	case Beyond(set, pod, Replicas(set.Spec.Replicas)):
		return nil
	case isNewest(set, pod) || !Updates(set, pod):
		return pod
	}
	return succeeding(pod, Relabelled(pod.Labels, nil, set.Spec.Template.Labels), set.Spec.Template.Spec)
}

// isNewest reports whether a pod is of the newest revision of its StatefulSet, as far as the controller has
// seen the newest spec.
func isNewest(set *appsv1.StatefulSet, pod *corev1.Pod) bool {
	return set.Status.ObservedGeneration >= set.Generation &&
		pod.Labels[appsv1.StatefulSetRevisionLabel] == set.Status.UpdateRevision
}

// succeeding is a pod that takes the place of another, once it is as ready.
func succeeding(pod *corev1.Pod, labels map[string]string, spec corev1.PodSpec) *corev1.Pod {
	return &corev1.Pod{
		ObjectMeta: metav1.ObjectMeta{Namespace: pod.Namespace, Name: pod.Name, Labels: labels},
		Spec:       spec, Status: pod.Status,
	}
}

// Relabelled returns the labels of a pod whose place one of another template takes. Labels that neither
// template has were put on the pod by something else, and stay.
func Relabelled(podLabels, from, to map[string]string) map[string]string {
	relabelled := map[string]string{}
	for key, value := range podLabels {
		if _, templated := from[key]; !templated {
			relabelled[key] = value
		}
	}
	maps.Copy(relabelled, to)
	return relabelled
}
