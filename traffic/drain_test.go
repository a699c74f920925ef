package traffic

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
)

func TestDrain(t *testing.T) {
	denied := func(reason string) Decision {
		return Decision{Outcome: Deny, Reason: reason, Fix: "First switch Service hello to pods that are ready, or delete it."}
	}
	tests := map[string]struct {
		pods    []*corev1.Pod
		leaving map[string]bool
		want    Decision
	}{
		"nothing serves":               {nil, nil, Decision{}},
		"an unready pod goes":          {[]*corev1.Pod{drainPod("a", false)}, map[string]bool{"a": true}, Decision{}},
		"one of two serving pods goes": {[]*corev1.Pod{drainPod("a", true), drainPod("b", true)}, map[string]bool{"a": true}, Decision{}},
		"the one that stays is not ready": {
			[]*corev1.Pod{drainPod("a", true), drainPod("b", false)}, map[string]bool{"a": true},
			denied("1 pod serves Service hello and would go, and no other pod serves it"),
		},
		"all that serve go": {
			[]*corev1.Pod{drainPod("a", true), drainPod("b", true)}, map[string]bool{"a": true, "b": true},
			denied("2 pods serve Service hello and would go, and no other pod serves it"),
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			service := &corev1.Service{Spec: corev1.ServiceSpec{Selector: map[string]string{"app": "hello"}}}
			service.Name = "hello"
			drain := Drain{Service: service, Pods: test.pods, Leaving: func(pod *corev1.Pod) bool { return test.leaving[pod.Name] }}
			if diff := cmp.Diff(test.want, drain.Decide()); diff != "" {
				t.Errorf("decision (-want +got):\n%s", diff)
			}
		})
	}
}

func drainPod(name string, ready bool) *corev1.Pod {
	pod := &corev1.Pod{Status: corev1.PodStatus{Phase: corev1.PodRunning, PodIP: "10.0.0.1"}}
	pod.Name, pod.Labels = name, map[string]string{"app": "hello"}
	status := corev1.ConditionFalse
	if ready {
		status = corev1.ConditionTrue
	}
	pod.Status.Conditions = []corev1.PodCondition{{Type: corev1.PodReady, Status: status}}
	return pod
}
