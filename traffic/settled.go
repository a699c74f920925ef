package traffic

import (
	"maps"
	"slices"

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
	// Beside are the other ReplicaSets of the Deployment that have pods.
	Beside []*appsv1.ReplicaSet
}

// Settled returns what a pod is for a Service once its owners have what they want: the pod itself, one that
// may take its place and is as ready, or nil where none does.
//
// It does not ask how far they are: a rolling update that waits for a new pod, or that is paused, goes on some
// time.
func (o Owners) Settled(pod *corev1.Pod, service *corev1.Service) *corev1.Pod {
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
	case !o.IsReplaced():
		return pod
	}
	return o.replaced(pod, service)
}

// IsReplaced reports whether the Deployment replaces the pods of the ReplicaSet.
func (o Owners) IsReplaced() bool {
	return TemplateFingerprint(&o.Deployment.Spec.Template) != TemplateFingerprint(&o.ReplicaSet.Spec.Template)
}

// replaced returns the pod that serves a Service least, of those that may take a pod's place: a rollout keeps
// as many pods as it must, be they of its newest template or of one that it came to in between.
func (o Owners) replaced(pod *corev1.Pod, service *corev1.Service) *corev1.Pod {
	templates := []corev1.PodTemplateSpec{o.Deployment.Spec.Template}
	for _, beside := range o.Beside {
		templates = append(templates, beside.Spec.Template)
	}
	var pods []*corev1.Pod
	for _, template := range templates {
		pods = append(pods, succeeding(pod, template.Labels, template.Spec))
	}
	return slices.MinFunc(pods, func(a, b *corev1.Pod) int { return portsOf(service, a) - portsOf(service, b) })
}

// portsOf counts the ports of a Service that lead to a pod: -1 where the Service does not select it.
func portsOf(service *corev1.Service, pod *corev1.Pod) int {
	if !Selects(service, pod.Labels) {
		return -1
	}
	count := 0
	for _, port := range service.Spec.Ports {
		if resolves(pod, port) {
			count++
		}
	}
	return count
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

// HasPods reports whether a ReplicaSet has pods, or is to have some.
func HasPods(rs *appsv1.ReplicaSet) bool {
	return Replicas(rs.Spec.Replicas) > 0 || rs.Status.Replicas > 0
}
