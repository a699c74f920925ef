package webhook

import (
	"github.com/go-json-experiment/json/jsontext"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"

	"greenlight.dev/greenlight/state"
)

func decodeDeployment(object []byte) (*appsv1.Deployment, error) {
	deployment := &appsv1.Deployment{TypeMeta: typeMeta(state.Deployment)}
	d := newDecoder(object)
	return deployment, members(d, func(name []byte) error {
		switch string(name) {
		case "metadata":
			return readMetadata(d, &deployment.ObjectMeta)
		case "spec":
			return readDeploymentSpec(d, &deployment.Spec)
		case "status":
			return readDeploymentStatus(d, &deployment.Status)
		}
		return skip(d)
	})
}

func readDeploymentStatus(d *jsontext.Decoder, status *appsv1.DeploymentStatus) error {
	return members(d, func(name []byte) error {
		switch string(name) {
		case "observedGeneration":
			return number(d, &status.ObservedGeneration)
		case "replicas":
			return number(d, &status.Replicas)
		case "updatedReplicas":
			return number(d, &status.UpdatedReplicas)
		}
		return skip(d)
	})
}

func readDeploymentSpec(d *jsontext.Decoder, spec *appsv1.DeploymentSpec) error {
	return members(d, func(name []byte) error {
		switch string(name) {
		case "replicas":
			return optional(d, &spec.Replicas, number)
		case "selector":
			return optional(d, &spec.Selector, readSelector)
		case "strategy":
			return readStrategy(d, &spec.Strategy)
		case "minReadySeconds":
			return number(d, &spec.MinReadySeconds)
		case "revisionHistoryLimit":
			return optional(d, &spec.RevisionHistoryLimit, number)
		case "progressDeadlineSeconds":
			return optional(d, &spec.ProgressDeadlineSeconds, number)
		case "paused":
			return into(d, &spec.Paused)
		case "template":
			return readPodTemplate(d, &spec.Template)
		}
		return skip(d)
	})
}

func readPodTemplate(d *jsontext.Decoder, template *corev1.PodTemplateSpec) error {
	return members(d, func(name []byte) error {
		switch string(name) {
		case "metadata":
			return readMetadata(d, &template.ObjectMeta)
		case "spec":
			return readPodSpec(d, &template.Spec)
		}
		return skip(d)
	})
}

func readPodSpec(d *jsontext.Decoder, spec *corev1.PodSpec) error {
	return members(d, func(name []byte) error {
		switch string(name) {
		case "containers":
			return readList(d, &spec.Containers, readContainer)
		case "initContainers":
			return readList(d, &spec.InitContainers, readContainer)
		case "volumes":
			return readList(d, &spec.Volumes, readVolume)
		case "hostNetwork":
			return into(d, &spec.HostNetwork)
		case "terminationGracePeriodSeconds":
			return optional(d, &spec.TerminationGracePeriodSeconds, number)
		case "affinity":
			return optional(d, &spec.Affinity, readAffinity)
		case "nodeSelector":
			return texts(d, &spec.NodeSelector)
		case "tolerations":
			return into(d, &spec.Tolerations)
		case "resources":
			return optional(d, &spec.Resources, readResources)
		}
		return skip(d)
	})
}

func readContainer(d *jsontext.Decoder, container *corev1.Container) error {
	return members(d, func(name []byte) error {
		switch string(name) {
		case "name":
			return text(d, &container.Name)
		case "image":
			return text(d, &container.Image)
		case "imagePullPolicy":
			return text(d, &container.ImagePullPolicy)
		case "ports":
			return readList(d, &container.Ports, readPort)
		case "readinessProbe":
			return optional(d, &container.ReadinessProbe, readProbe)
		case "livenessProbe":
			return optional(d, &container.LivenessProbe, readProbe)
		case "startupProbe":
			return optional(d, &container.StartupProbe, readProbe)
		case "lifecycle":
			return into(d, &container.Lifecycle)
		case "restartPolicy":
			return optional(d, &container.RestartPolicy, text)
		case "resources":
			return readResources(d, &container.Resources)
		}
		return skip(d)
	})
}

// readVolume reads a claim by its name; of an ephemeral claim only that it is one.
func readVolume(d *jsontext.Decoder, volume *corev1.Volume) error {
	return members(d, func(name []byte) error {
		switch string(name) {
		case "name":
			return text(d, &volume.Name)
		case "persistentVolumeClaim":
			return into(d, &volume.PersistentVolumeClaim)
		case "ephemeral":
			volume.Ephemeral = &corev1.EphemeralVolumeSource{}
		}
		return skip(d)
	})
}
