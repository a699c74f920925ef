package mutate_test

import (
	"encoding/json"
	"fmt"
	"testing"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
	"pgregory.net/rapid"

	"greenlight.dev/greenlight/mutate"
	"greenlight.dev/greenlight/state"
)

func drawRequest(t *testing.T, r *rapid.T) mutate.Request {
	t.Helper()
	object, err := json.Marshal(drawDeployment(r))
	if err != nil {
		t.Fatal(err)
	}
	cluster := &world{}
	for i := range rapid.IntRange(0, 2).Draw(r, "services") {
		cluster.objects = append(cluster.objects, drawService(r, fmt.Sprint("service-", i)))
	}
	request := newRequest(t, object, cluster)
	request.Defaults.PreStop.SleepSeconds = rapid.Int64Range(1, 40).Draw(r, "policy sleep")
	return request
}

// object is a JSON object, so that fields that no type knows can be drawn too.
type object = map[string]any

func drawDeployment(r *rapid.T) object {
	spec := object{"futurePodField": true, "containers": drawContainers(r)}
	maybe(r, spec, "terminationGracePeriodSeconds", 0, 14, 15, 30, 60)
	maybe(r, spec, "hostNetwork", true)
	metadata := object{"name": "web", "uid": "web-uid"}
	maybe(r, metadata, "annotations", nil, object{}, object{"team": "cart"}, object{"greenlight.dev/injected": "{"},
		object{"greenlight.dev/readiness-probe.c0": "http://:80/"}, object{"greenlight.dev/inject": "false"})
	template := object{"metadata": object{"labels": object{"app": "web"}}, "spec": spec}
	return object{"metadata": metadata, "spec": object{"template": template, "futureField": object{}}}
}

func drawContainers(r *rapid.T) []object {
	var containers []object
	for i := range rapid.IntRange(1, 3).Draw(r, "containers") {
		container := object{"name": fmt.Sprint("c", i), "futureField": i}
		maybe(r, container, "image", "web:1", "envoy:1")
		maybe(r, container, "ports", nil, []object{{"containerPort": 8000 + i}},
			[]object{{"name": "p", "containerPort": 8000 + i, "protocol": "UDP"}, {"name": "p", "containerPort": 9000 + i}})
		maybe(r, container, "readinessProbe", nil, object{}, object{"exec": object{"command": []string{"true"}}})
		maybe(r, container, "lifecycle", nil, object{}, object{"preStop": nil}, object{"preFreeze": object{"a": 1}},
			object{"preStop": object{"sleep": object{"seconds": 3}}}, object{"postStart": object{"exec": object{}}})
		containers = append(containers, container)
	}
	return containers
}

// maybe sets a field to one of the values, or leaves it out.
func maybe(r *rapid.T, in object, field string, values ...any) {
	if i := rapid.IntRange(-1, len(values)-1).Draw(r, field); i >= 0 {
		in[field] = values[i]
	}
}

func drawService(r *rapid.T, name string) state.Object {
	service := &corev1.Service{Spec: corev1.ServiceSpec{Selector: map[string]string{"app": "web"}}}
	service.Name = name
	service.SetGroupVersionKind(state.Service)
	target := rapid.SampledFrom([]intstr.IntOrString{
		intstr.FromString("p"), intstr.FromInt32(8000), intstr.FromInt32(9001), intstr.FromInt32(1), {},
	}).Draw(r, "target port")
	service.Spec.Ports = []corev1.ServicePort{{Port: 8001, TargetPort: target}}
	return service
}

// drawEdit changes the grace period of an injected Deployment, and adds handlers beside the injected
// ones.
func drawEdit(t *testing.T, r *rapid.T, written *appsv1.Deployment, injected []byte) []byte {
	t.Helper()
	edited := decoded(t, injected).(object)
	spec := edited["spec"].(object)["template"].(object)["spec"].(object)
	maybe(r, spec, "terminationGracePeriodSeconds", 0, 10, 15, 30, 45)
	for i, container := range defaulted(t, injected).Spec.Template.Spec.Containers {
		before, after := written.Spec.Template.Spec.Containers[i], spec["containers"].([]any)[i].(object)
		if before.ReadinessProbe == nil && container.ReadinessProbe != nil {
			maybe(r, after["readinessProbe"].(object), "exec", object{"command": []string{"true"}})
		}
		if hookOf(before) == nil && hookOf(container) != nil {
			maybe(r, after["lifecycle"].(object)["preStop"].(object), "exec", object{"command": []string{"true"}})
		}
	}
	encoded, err := json.Marshal(edited)
	if err != nil {
		t.Fatal(err)
	}
	return encoded
}
