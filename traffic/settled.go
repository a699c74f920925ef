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
	// Beside are the other ReplicaSets of the Deployment, where it replaces the pod.
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

// replaced returns the pod that takes a pod's place for a Service. A rollout keeps as many pods as it must, be
// they of its newest template or of one that it came to in between: where those that serve the Service less are
// enough, they may be what is kept.
func (o Owners) replaced(pod *corev1.Pod, service *corev1.Service) *corev1.Pod {
	newest := succeeding(pod, o.Deployment.Spec.Template)
	rolling, err := Rolling(o.Deployment)
	worst, kept := newest, 0
	for _, beside := range o.Beside {
		between := succeeding(pod, beside.Spec.Template)
		if servesLess(service, between, newest) {
			kept += Replicas(beside.Spec.Replicas)
		}
		if servesLess(service, between, worst) {
			worst = between
		}
	}
	if err == nil && kept < rolling.Floor() {
		return newest
	}
	return worst
}

// servesLess reports whether a pod serves fewer ports of a Service than another does, or is not selected at all.
func servesLess(service *corev1.Service, pod, other *corev1.Pod) bool {
	if !Selects(service, pod.Labels) || !Selects(service, other.Labels) {
		return Selects(service, other.Labels)
	}
	return portsOf(service, pod) < portsOf(service, other)
}

// portsOf counts the ports of a Service that lead to a pod.
func portsOf(service *corev1.Service, pod *corev1.Pod) int {
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
	template := set.Spec.Template
	template.Labels = Relabelled(pod.Labels, nil, template.Labels)
	return succeeding(pod, template)
}

// isNewest reports whether a pod is of the newest revision of its StatefulSet, as far as the controller has
// seen the newest spec.
func isNewest(set *appsv1.StatefulSet, pod *corev1.Pod) bool {
	return set.Status.ObservedGeneration >= set.Generation &&
		pod.Labels[appsv1.StatefulSetRevisionLabel] == set.Status.UpdateRevision
}

// succeeding is a pod that takes the place of another, once it is as ready.
func succeeding(pod *corev1.Pod, template corev1.PodTemplateSpec) *corev1.Pod {
	return &corev1.Pod{
		ObjectMeta: metav1.ObjectMeta{Namespace: pod.Namespace, Name: pod.Name, Labels: template.Labels},
		Spec:       template.Spec, Status: pod.Status,
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
