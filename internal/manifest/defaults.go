package manifest

import (
	"cmp"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/intstr"

	"greenlight.dev/greenlight/state"
)

// SetDefaults fills in what the API server would, where a rule or a mutator reads it, so that a
// manifest gets the verdict that the webhook would give. The sources are defaults.go and
// zz_generated.defaults.go in pkg/apis/apps/v1 and pkg/apis/core/v1 of Kubernetes.
func SetDefaults(object state.Object) {
	switch o := object.(type) {
	case *appsv1.Deployment:
		setDeploymentDefaults(&o.Spec)
	case *appsv1.ReplicaSet:
		setDefault(&o.Spec.Replicas, 1)
		setPodDefaults(&o.Spec.Template.Spec)
	case *corev1.Pod:
		setPodDefaults(&o.Spec)
	case *corev1.Service:
		setServiceDefaults(&o.Spec)
	case *corev1.Namespace:
		setNamespaceDefaults(o)
	}
}

func setDeploymentDefaults(spec *appsv1.DeploymentSpec) {
	setDefault(&spec.Replicas, 1)
	setDefault(&spec.RevisionHistoryLimit, 10)
	setDefault(&spec.ProgressDeadlineSeconds, 600)
	setPodDefaults(&spec.Template.Spec)
	strategy := &spec.Strategy
	strategy.Type = cmp.Or(strategy.Type, appsv1.RollingUpdateDeploymentStrategyType)
	if strategy.Type != appsv1.RollingUpdateDeploymentStrategyType {
		return
	}
	if strategy.RollingUpdate == nil {
		strategy.RollingUpdate = &appsv1.RollingUpdateDeployment{}
	}
	setDefault(&strategy.RollingUpdate.MaxUnavailable, intstr.FromString("25%"))
	setDefault(&strategy.RollingUpdate.MaxSurge, intstr.FromString("25%"))
}

func setPodDefaults(spec *corev1.PodSpec) {
	setDefault(&spec.TerminationGracePeriodSeconds, corev1.DefaultTerminationGracePeriodSeconds)
	for _, containers := range [][]corev1.Container{spec.InitContainers, spec.Containers} {
		for i := range containers {
			setContainerDefaults(&containers[i])
		}
	}
}

func setContainerDefaults(container *corev1.Container) {
	for i := range container.Ports {
		port := &container.Ports[i]
		port.Protocol = cmp.Or(port.Protocol, corev1.ProtocolTCP)
	}
	for _, probe := range []*corev1.Probe{container.LivenessProbe, container.ReadinessProbe, container.StartupProbe} {
		if probe != nil {
			setProbeDefaults(probe)
		}
	}
}

func setProbeDefaults(probe *corev1.Probe) {
	probe.TimeoutSeconds = cmp.Or(probe.TimeoutSeconds, 1)
	probe.PeriodSeconds = cmp.Or(probe.PeriodSeconds, 10)
	probe.SuccessThreshold = cmp.Or(probe.SuccessThreshold, 1)
	probe.FailureThreshold = cmp.Or(probe.FailureThreshold, 3)
	if get := probe.HTTPGet; get != nil {
		get.Path = cmp.Or(get.Path, "/")
		get.Scheme = cmp.Or(get.Scheme, corev1.URISchemeHTTP)
	}
	if probe.GRPC != nil {
		setDefault(&probe.GRPC.Service, "")
	}
}

func setServiceDefaults(spec *corev1.ServiceSpec) {
	spec.Type = cmp.Or(spec.Type, corev1.ServiceTypeClusterIP)
	for i := range spec.Ports {
		port := &spec.Ports[i]
		port.Protocol = cmp.Or(port.Protocol, corev1.ProtocolTCP)
		if port.TargetPort == intstr.FromInt32(0) || port.TargetPort == intstr.FromString("") {
			port.TargetPort = intstr.FromInt32(port.Port)
		}
	}
}

func setNamespaceDefaults(namespace *corev1.Namespace) {
	if namespace.Labels == nil {
		namespace.Labels = map[string]string{}
	}
	namespace.Labels[corev1.LabelMetadataName] = namespace.Name
}

func setDefault[T any](field **T, value T) {
	if *field == nil {
		*field = &value
	}
}
