package webhook

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/intstr"
	"sigs.k8s.io/randfill"

	"greenlight.dev/greenlight/state"
)

func replicas(object state.Object) int32 { return *object.(*appsv1.Deployment).Spec.Replicas }

// filler fills every field, with two elements where there is a list.
func filler(seed int64) *randfill.Filler {
	return randfill.NewWithSeed(seed).NilChance(0).NumElements(2, 2).MaxDepth(20).Funcs(
		func(value *intstr.IntOrString, c randfill.Continue) {
			*value = intstr.FromInt32(c.Int31())
			if c.Bool() {
				*value = intstr.FromString(c.String(8))
			}
		},
		func(value *resource.Quantity, c randfill.Continue) {
			*value = *resource.NewQuantity(c.Int63(), resource.DecimalSI)
		},
		func(value *metav1.Time, c randfill.Continue) { *value = metav1.Unix(int64(c.Uint32()), 0) },
		func(value *metav1.FieldsV1, _ randfill.Continue) { value.SetRawString(`{"f:spec":{}}`) },
		func(value *runtime.RawExtension, _ randfill.Continue) { value.Raw = []byte(`{}`) },
	)
}

// whole decodes all of an object, as the trimmed decoding is to agree with.
func whole[T any](t *testing.T, filled *T) (data []byte, decoded *T) {
	t.Helper()
	data = write(t, filled)
	decoded = new(T)
	if err := json.Unmarshal(data, decoded); err != nil {
		t.Fatal(err)
	}
	return data, decoded
}

func TestDeploymentIsReadAsFarAsRulesAndMutatorsReadIt(t *testing.T) {
	for seed := range int64(20) {
		var filled appsv1.Deployment
		filler(seed).Fill(&filled)
		data, full := whole(t, &filled)
		got, err := decodeDeployment(data)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(readDeployment(full), got); diff != "" {
			t.Fatalf("seed %d: -want +got:\n%s", seed, diff)
		}
	}
}

func TestOfKubectlsNoteOnlyIsReadThatItIsThere(t *testing.T) {
	got, err := decodeDeployment([]byte(`{"metadata":{"annotations":{"kubectl.kubernetes.io/last-applied-configuration":"{\"kind\":\"Deployment\"}","a":"b"}}}`))
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{corev1.LastAppliedConfigAnnotation: "", "a": "b"}
	if diff := cmp.Diff(want, got.Annotations); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestServiceIsReadAsFarAsRulesReadIt(t *testing.T) {
	for seed := range int64(20) {
		var filled corev1.Service
		filler(seed).Fill(&filled)
		data, full := whole(t, &filled)
		got, err := decodeService(data)
		if err != nil {
			t.Fatal(err)
		}
		want := &corev1.Service{TypeMeta: typeMeta(state.Service), ObjectMeta: readMeta(full.ObjectMeta), Spec: full.Spec}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("seed %d: -want +got:\n%s", seed, diff)
		}
	}
}

// readDeployment is the list of the fields that are read: all the others stay empty.
func readDeployment(full *appsv1.Deployment) *appsv1.Deployment {
	spec, pod := full.Spec, full.Spec.Template.Spec
	return &appsv1.Deployment{
		TypeMeta: typeMeta(state.Deployment), ObjectMeta: readMeta(full.ObjectMeta),
		Status: appsv1.DeploymentStatus{
			ObservedGeneration: full.Status.ObservedGeneration,
			Replicas:           full.Status.Replicas, UpdatedReplicas: full.Status.UpdatedReplicas,
		},
		Spec: appsv1.DeploymentSpec{
			Replicas: spec.Replicas, Selector: spec.Selector, Strategy: spec.Strategy,
			MinReadySeconds: spec.MinReadySeconds, RevisionHistoryLimit: spec.RevisionHistoryLimit,
			ProgressDeadlineSeconds: spec.ProgressDeadlineSeconds, Paused: spec.Paused,
			Template: corev1.PodTemplateSpec{
				ObjectMeta: readMeta(spec.Template.ObjectMeta),
				Spec: corev1.PodSpec{
					Containers: readContainers(pod.Containers), InitContainers: readContainers(pod.InitContainers),
					Volumes: readVolumes(pod.Volumes), HostNetwork: pod.HostNetwork,
					TerminationGracePeriodSeconds: pod.TerminationGracePeriodSeconds,
					Affinity: &corev1.Affinity{PodAntiAffinity: &corev1.PodAntiAffinity{
						RequiredDuringSchedulingIgnoredDuringExecution: pod.Affinity.PodAntiAffinity.RequiredDuringSchedulingIgnoredDuringExecution,
					}},
					NodeSelector: pod.NodeSelector, Tolerations: pod.Tolerations,
					Resources: &corev1.ResourceRequirements{Requests: pod.Resources.Requests, Limits: pod.Resources.Limits},
				},
			},
		},
	}
}

func readMeta(full metav1.ObjectMeta) metav1.ObjectMeta {
	return metav1.ObjectMeta{
		Name: full.Name, GenerateName: full.GenerateName, Namespace: full.Namespace, UID: full.UID, ResourceVersion: full.ResourceVersion, Generation: full.Generation,
		Labels: full.Labels, Annotations: full.Annotations, DeletionTimestamp: full.DeletionTimestamp, OwnerReferences: full.OwnerReferences,
	}
}

func readContainers(full []corev1.Container) []corev1.Container {
	containers := make([]corev1.Container, len(full))
	for i, container := range full {
		containers[i] = corev1.Container{
			Name: container.Name, Image: container.Image, ImagePullPolicy: container.ImagePullPolicy, Ports: readPorts(container.Ports),
			ReadinessProbe: container.ReadinessProbe, LivenessProbe: container.LivenessProbe, StartupProbe: container.StartupProbe,
			Lifecycle: container.Lifecycle, RestartPolicy: container.RestartPolicy,
			Resources: corev1.ResourceRequirements{Requests: container.Resources.Requests, Limits: container.Resources.Limits},
		}
	}
	return containers
}

func readPorts(full []corev1.ContainerPort) []corev1.ContainerPort {
	ports := make([]corev1.ContainerPort, len(full))
	for i, port := range full {
		ports[i] = corev1.ContainerPort{Name: port.Name, ContainerPort: port.ContainerPort, HostPort: port.HostPort, Protocol: port.Protocol}
	}
	return ports
}

func readVolumes(full []corev1.Volume) []corev1.Volume {
	volumes := make([]corev1.Volume, len(full))
	for i, volume := range full {
		volumes[i].Name = volume.Name
		volumes[i].PersistentVolumeClaim = volume.PersistentVolumeClaim
		volumes[i].Ephemeral = &corev1.EphemeralVolumeSource{}
	}
	return volumes
}

func TestNullIsTheSameAsAFieldLeftOut(t *testing.T) {
	got, err := decodeDeployment([]byte(`{"metadata":{"labels":null,"name":null},"spec":{"replicas":null,"selector":null,"strategy":null,
		"minReadySeconds":null,"template":{"metadata":null,"spec":{"containers":null,"affinity":null,"hostNetwork":null}}}}`))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(&appsv1.Deployment{TypeMeta: typeMeta(state.Deployment)}, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}
