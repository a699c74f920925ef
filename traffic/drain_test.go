package traffic

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
)

func TestDrain(t *testing.T) {
	denied := func(reason string) Decision {
		return Decision{Outcome: Deny, Reason: reason, Fix: "First switch Service hello to pods that are ready, or delete it."}
	}
	a, b := drainPod("a", true), drainPod("b", true)
	c, d := drainPod("c", true, "http", "admin"), drainPod("d", true, "http")
	pods := func(pods ...*corev1.Pod) []*corev1.Pod { return pods }
	tests := map[string]struct {
		ports                     []corev1.ServicePort
		serving, leaving, staying []*corev1.Pod
		want                      Decision
	}{
		"nothing serves":              {nil, nil, nil, nil, Decision{}},
		"none leaves":                 {nil, pods(a), nil, pods(a), Decision{}},
		"one leaves, one stays":       {nil, pods(a, b), pods(a), pods(b), Decision{}},
		"the one that stays is dead":  {nil, pods(a), pods(a), pods(drainPod("b", false)), denied("1 pod serves Service hello and would go, and no other pod serves it")},
		"all leave":                   {nil, pods(a, b), pods(a, b), nil, denied("2 pods serve Service hello and would go, and no other pod serves it")},
		"one leaves, one went before": {nil, pods(a, b), pods(a), nil, denied("2 pods serve Service hello and would go, and no other pod serves it")},
		"every port stays served":     {ports("http", "admin"), pods(c, d), pods(d), pods(c), Decision{}},
		"a port is lost":              {ports("http", "admin"), pods(c, d), pods(c), pods(d), denied("1 pod serves Service hello and would go, and no other pod serves its port admin")},
		"a port was lost before":      {ports("http", "admin"), pods(c, d), pods(d), pods(d), Decision{}},
		"a port that no pod serves":   {ports("http", "debug"), pods(c, d), pods(c), pods(d), Decision{}},
		"two ports are lost":          {ports("http", "admin", "admin"), pods(c, d), pods(c), pods(d), denied("1 pod serves Service hello and would go, and no other pod serves its ports admin, admin")},
		"a number always resolves":    {[]corev1.ServicePort{{Port: 80}}, pods(a, b), pods(a), pods(b), Decision{}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			service := &corev1.Service{Spec: corev1.ServiceSpec{Selector: map[string]string{"app": "hello"}, Ports: test.ports}}
			service.Name = "hello"
			drain := Drain{Service: service, Serving: test.serving, Leaving: test.leaving, Staying: test.staying}
			if diff := cmp.Diff(test.want, drain.Decide()); diff != "" {
				t.Errorf("decision (-want +got):\n%s", diff)
			}
		})
	}
}

// ports are ports of a Service that lead to container ports of the same names.
func ports(names ...string) []corev1.ServicePort {
	var ports []corev1.ServicePort
	for _, name := range names {
		ports = append(ports, corev1.ServicePort{Name: name, Port: 80, TargetPort: intstr.FromString(name)})
	}
	return ports
}

func drainPod(name string, ready bool, ports ...string) *corev1.Pod {
	pod := &corev1.Pod{Status: corev1.PodStatus{Phase: corev1.PodRunning, PodIP: "10.0.0.1"}}
	pod.Name, pod.Labels = name, map[string]string{"app": "hello"}
	container := corev1.Container{Name: "web"}
	for _, port := range ports {
		container.Ports = append(container.Ports, corev1.ContainerPort{Name: port, ContainerPort: 8080})
	}
	pod.Spec.Containers = []corev1.Container{container}
	status := corev1.ConditionFalse
	if ready {
		status = corev1.ConditionTrue
	}
	pod.Status.Conditions = []corev1.PodCondition{{Type: corev1.PodReady, Status: status}}
	return pod
}
