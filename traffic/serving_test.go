package traffic_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/intstr"

	"greenlight.dev/greenlight/traffic"
)

func TestAPodServesUnderEachCondition(t *testing.T) {
	tests := map[string]struct {
		change func(*corev1.Pod)
		want   bool
	}{
		"it is ready":                    {func(*corev1.Pod) {}, true},
		"its labels are others":          {func(pod *corev1.Pod) { pod.Labels = color("blue") }, false},
		"it has a label more":            {func(pod *corev1.Pod) { pod.Labels["track"] = "canary" }, true},
		"it is not ready":                {func(pod *corev1.Pod) { unready(pod) }, false},
		"its readiness is unknown":       {func(pod *corev1.Pod) { pod.Status.Conditions[0].Status = corev1.ConditionUnknown }, false},
		"nothing is said of readiness":   {func(pod *corev1.Pod) { pod.Status.Conditions = nil }, false},
		"it terminates":                  {func(pod *corev1.Pod) { terminating(pod) }, false},
		"it has succeeded":               {func(pod *corev1.Pod) { pod.Status.Phase = corev1.PodSucceeded }, false},
		"it has failed":                  {func(pod *corev1.Pod) { pod.Status.Phase = corev1.PodFailed }, false},
		"it has no IP":                   {func(pod *corev1.Pod) { pod.Status.PodIP = "" }, false},
		"it lacks the named target port": {func(pod *corev1.Pod) { pod.Spec.Containers[0].Ports[0].Name = "web" }, false},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			pod := readyPod("web-1", color("green"))
			test.change(pod)
			got := len(traffic.Serving([]*corev1.Pod{pod}, service(color("green")))) == 1
			if got != test.want {
				t.Errorf("serves: %t", got)
			}
		})
	}
}

func TestAPodServesIfAPortIsThere(t *testing.T) {
	tests := map[string]struct {
		targets []string
		want    string
	}{
		"the only port":      {[]string{"http"}, ""},
		"the first of two":   {[]string{"http", "admin"}, ""},
		"the last of two":    {[]string{"admin", "http"}, ""},
		"none of two":        {[]string{"admin", "metrics"}, `declares no TCP port named "admin", the targetPort of the Service`},
		"no port is for all": {nil, ""},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			service := service(color("green"))
			service.Spec.Ports = nil
			for i, target := range test.targets {
				port := corev1.ServicePort{Port: int32(80 + i), TargetPort: intstr.FromString(target)}
				service.Spec.Ports = append(service.Spec.Ports, port)
			}
			if diff := cmp.Diff(test.want, traffic.NotServing(readyPod("web-1", color("green")), service)); diff != "" {
				t.Errorf("reason (-want +got):\n%s", diff)
			}
		})
	}
}

func TestAServiceSelectsByItsSelector(t *testing.T) {
	tests := map[string]struct {
		selector, labels map[string]string
		want             bool
	}{
		"the same labels":              {color("green"), color("green"), true},
		"a label more on the pod":      {color("green"), map[string]string{"app": "web", "color": "green"}, true},
		"a label more in the selector": {map[string]string{"app": "web", "color": "green"}, color("green"), false},
		"another value":                {color("green"), color("blue"), false},
		"no selector":                  {nil, color("green"), false},
		"an empty selector":            {map[string]string{}, color("green"), false},
		"an empty selector, no labels": {map[string]string{}, nil, false},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			if got := traffic.Selects(service(test.selector), test.labels); got != test.want {
				t.Errorf("got %t", got)
			}
		})
	}
}

func TestAReadyPodIsAvailableOnceItHasBeenReadyForLongEnough(t *testing.T) {
	tests := map[string]struct {
		ready, minReady, want time.Duration
	}{
		"ready for longer":          {time.Minute, 30 * time.Second, 0},
		"ready for exactly as long": {30 * time.Second, 30 * time.Second, 0},
		"ready for less":            {10 * time.Second, 30 * time.Second, 20 * time.Second},
		"ready now, none asked for": {0, 0, 0},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			pod := readyPod("web-1", color("green"))
			pod.Status.Conditions[0].LastTransitionTime.Time = now.Add(-test.ready)
			if got := traffic.UnavailableFor(pod, test.minReady, now); got != test.want {
				t.Errorf("got %v, want %v", got, test.want)
			}
		})
	}
}

func TestAPodThatIsNotReadyMustStillBecomeAvailable(t *testing.T) {
	pod := unready(readyPod("web-1", color("green")))
	if got := traffic.UnavailableFor(pod, 30*time.Second, now); got != 30*time.Second {
		t.Errorf("got %v", got)
	}
}
