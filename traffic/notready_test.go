package traffic_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"

	"greenlight.dev/greenlight/traffic"
)

func TestWhyAPodDoesNotServe(t *testing.T) {
	tests := map[string]struct {
		change func(*corev1.Pod)
		want   string
	}{
		"it does serve": {func(*corev1.Pod) {}, ""},
		"terminating":   {func(pod *corev1.Pod) { terminating(pod) }, "terminating"},
		"succeeded":     {func(pod *corev1.Pod) { pod.Status.Phase = corev1.PodSucceeded }, "Succeeded"},
		"failed":        {func(pod *corev1.Pod) { pod.Status.Phase = corev1.PodFailed }, "Failed"},
		"no IP":         {func(pod *corev1.Pod) { pod.Status.PodIP = "" }, "has no IP yet"},
		"unresolved port": {
			func(pod *corev1.Pod) { pod.Spec.Containers[0].Ports = nil },
			`declares no TCP port named "http", the targetPort of the Service`,
		},
		"not scheduled": {
			status(corev1.PodStatus{Phase: corev1.PodPending, Conditions: []corev1.PodCondition{
				{Type: corev1.PodScheduled, Status: corev1.ConditionFalse, Message: "0/3 nodes are available: 3 Insufficient cpu."},
			}}),
			"Pending (0/3 nodes are available: 3 Insufficient cpu)",
		},
		"no status yet": {status(corev1.PodStatus{Phase: corev1.PodPending}), "Pending"},
		"being created": {containers(corev1.PodPending, waiting("ContainerCreating", "")), "Pending"},
		"image that cannot be pulled": {
			containers(corev1.PodPending, waiting("ErrImagePull", "not found")),
			`container "web" ErrImagePull (not found)`,
		},
		"crash loop": {
			containers(corev1.PodRunning, waiting("CrashLoopBackOff", "back-off 5m0s restarting failed container.")),
			`container "web" CrashLoopBackOff (back-off 5m0s restarting failed container)`,
		},
		"ended": {
			containers(corev1.PodRunning, corev1.ContainerState{Terminated: &corev1.ContainerStateTerminated{ExitCode: 137, Reason: "OOMKilled"}}),
			`container "web" ended with exit code 137 (OOMKilled)`,
		},
		"failing readiness probe": {
			containers(corev1.PodRunning, running()),
			`readiness probe of container "web" failing`,
		},
		"startup probe under way": {
			func(pod *corev1.Pod) {
				containers(corev1.PodRunning, running())(pod)
				pod.Status.ContainerStatuses[0].Started = new(false)
			},
			`startup probe of container "web" has not succeeded yet`,
		},
		"closed readiness gate": {
			func(pod *corev1.Pod) { gate(unready(pod)) },
			"readiness gate example.dev/in-load-balancer is not true",
		},
		"failing readiness probe behind a closed gate": {
			func(pod *corev1.Pod) { containers(corev1.PodRunning, running())(gate(pod)) },
			`readiness probe of container "web" failing`,
		},
		"failing init container": {
			func(pod *corev1.Pod) {
				containers(corev1.PodPending, waiting("PodInitializing", ""))(pod)
				pod.Status.InitContainerStatuses = []corev1.ContainerStatus{{Name: "migrate", State: waiting("CrashLoopBackOff", "")}}
			},
			`container "migrate" CrashLoopBackOff`,
		},
		"nothing to say": {func(pod *corev1.Pod) { unready(pod) }, "not ready"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			pod := readyPod("web-1", color("green"))
			test.change(pod)
			if diff := cmp.Diff(test.want, traffic.NotServing(pod, service(color("green")))); diff != "" {
				t.Errorf("reason (-want +got):\n%s", diff)
			}
		})
	}
}

// A pod comes from a cache that others read at the same time: nothing may be written behind the end of
// its lists either.
func TestTheStatusOfAPodIsOnlyRead(t *testing.T) {
	pod := readyPod("web-1", color("green"))
	containers(corev1.PodPending, waiting("ContainerCreating", ""))(pod)
	statuses := make([]corev1.ContainerStatus, 2)
	pod.Status.InitContainerStatuses = statuses[:1]
	traffic.NotServing(pod, service(color("green")))
	if statuses[1].Name != "" {
		t.Error("the status of a container was written behind those of the init containers")
	}
}

func status(status corev1.PodStatus) func(*corev1.Pod) {
	return func(pod *corev1.Pod) { pod.Status = status }
}

func containers(phase corev1.PodPhase, state corev1.ContainerState) func(*corev1.Pod) {
	return func(pod *corev1.Pod) {
		unready(pod)
		pod.Status.Phase = phase
		pod.Status.ContainerStatuses = []corev1.ContainerStatus{{Name: "web", State: state}}
		if state.Running != nil {
			pod.Status.Conditions[0].Message = "containers with unready status: [web]"
		}
	}
}

func waiting(reason, message string) corev1.ContainerState {
	return corev1.ContainerState{Waiting: &corev1.ContainerStateWaiting{Reason: reason, Message: message}}
}

func running() corev1.ContainerState {
	return corev1.ContainerState{Running: &corev1.ContainerStateRunning{}}
}

func gate(pod *corev1.Pod) *corev1.Pod {
	pod.Spec.ReadinessGates = []corev1.PodReadinessGate{{ConditionType: "example.dev/in-load-balancer"}}
	return pod
}
