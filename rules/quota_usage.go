package rules

import (
	"maps"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"

	"greenlight.dev/greenlight/traffic"
)

// quotaUsage returns what one pod of this spec counts as, by the names of a quota. What is added when the
// pod is made, by a LimitRange or a RuntimeClass, is not in it. The source is PodUsageFunc in
// pkg/quota/v1/evaluator/core of Kubernetes.
func quotaUsage(spec *corev1.PodSpec) corev1.ResourceList {
	one := resource.MustParse("1")
	usage := corev1.ResourceList{corev1.ResourcePods: one, "count/pods": one}
	requests, limits := podTotal(spec, requestsOf), podTotal(spec, limitsOf)
	if all := spec.Resources; all != nil {
		maps.Copy(requests, all.Requests)
		maps.Copy(limits, all.Limits)
	}
	for _, name := range []corev1.ResourceName{corev1.ResourceCPU, corev1.ResourceMemory} {
		if request, ok := requests[name]; ok {
			usage[name], usage["requests."+name] = request, request
		}
		if limit, ok := limits[name]; ok {
			usage["limits."+name] = limit
		}
	}
	return usage
}

// requestsOf returns the requests of a container: a limit alone is one too, once the pod is made.
func requestsOf(container *corev1.Container) corev1.ResourceList {
	all := maps.Clone(container.Resources.Limits)
	if all == nil {
		all = corev1.ResourceList{}
	}
	maps.Copy(all, container.Resources.Requests)
	return all
}

func limitsOf(container *corev1.Container) corev1.ResourceList { return container.Resources.Limits }

// podTotal adds up what the containers of a pod take: sidecars as long as it lives, the other init
// containers one at a time before the containers. The source is PodRequests in
// k8s.io/component-helpers/resource.
func podTotal(spec *corev1.PodSpec, of func(*corev1.Container) corev1.ResourceList) corev1.ResourceList {
	sidecars, starting, total := corev1.ResourceList{}, corev1.ResourceList{}, corev1.ResourceList{}
	for i := range spec.InitContainers {
		container := &spec.InitContainers[i]
		step := maps.Clone(sidecars)
		addResources(step, of(container))
		raiseResources(starting, step)
		if traffic.IsSidecar(container) {
			sidecars = step
		}
	}
	for i := range spec.Containers {
		addResources(total, of(&spec.Containers[i]))
	}
	addResources(total, sidecars)
	raiseResources(total, starting)
	return total
}

func addResources(total, more corev1.ResourceList) {
	for name, quantity := range more {
		sum := quantity.DeepCopy()
		sum.Add(total[name])
		total[name] = sum
	}
}

// raiseResources makes each quantity at least that of other.
func raiseResources(total, other corev1.ResourceList) {
	for name, quantity := range other {
		if current, ok := total[name]; !ok || quantity.Cmp(current) > 0 {
			total[name] = quantity
		}
	}
}
