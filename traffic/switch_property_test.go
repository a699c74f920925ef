package traffic_test

import (
	"fmt"
	"math/rand"
	"reflect"
	"slices"
	"testing"
	"testing/quick"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"greenlight.dev/greenlight/traffic"
)

// anySwitch is a random change of the selector of a plain Service, over pods in any state.
type anySwitch struct{ traffic.Switch }

// Generate implements quick.Generator.
func (anySwitch) Generate(random *rand.Rand, _ int) reflect.Value {
	selectors := []map[string]string{color("blue"), color("green"), {"app": "web"}, color("red"), nil}
	s := traffic.Switch{
		Old:      service(selectors[random.Intn(3)]),
		New:      service(selectors[random.Intn(len(selectors))]),
		Capacity: traffic.Capacity{DenyBelow: 50, WarnBelow: 100},
		Now:      now,
	}
	green := readyReplicaSet("green", int32(random.Intn(5)))
	green.Spec.Template.Labels["app"] = "web"
	green.Status.AvailableReplicas = int32(random.Intn(5))
	if s.BringsIn(green.Spec.Template.Labels) {
		s.Incoming = []traffic.Workload{anyWorkload(random, green)}
	}
	for i := range random.Intn(9) {
		pod := anyPod(random, fmt.Sprintf("web-%d", i))
		if pod.Labels["color"] == "green" && random.Intn(4) > 0 {
			controlled(pod, green)
		}
		if traffic.Selects(s.Old, pod.Labels) || traffic.Selects(s.New, pod.Labels) {
			s.Pods = append(s.Pods, pod)
		}
	}
	return reflect.ValueOf(anySwitch{s})
}

func anyPod(random *rand.Rand, name string) *corev1.Pod {
	colors := []string{"blue", "green"}
	pod := readyPod(name, map[string]string{"app": "web", "color": colors[random.Intn(2)]})
	switch random.Intn(8) {
	case 0, 1:
		unready(pod)
	case 2:
		terminating(pod)
	case 3:
		pod.Spec.Containers[0].Ports = nil
	}
	return pod
}

func anyWorkload(random *rand.Rand, rs *appsv1.ReplicaSet) traffic.Workload {
	n := *rs.Spec.Replicas
	switch random.Intn(4) {
	case 0:
		return traffic.Replicated{ReplicaSets: []*appsv1.ReplicaSet{rs}}
	case 1:
		return traffic.StatefulSet{Gone: random.Intn(5) == 0, StatefulSet: &appsv1.StatefulSet{
			ObjectMeta: rs.ObjectMeta,
			Spec:       appsv1.StatefulSetSpec{Replicas: &n, Template: *rs.Spec.Template.DeepCopy()},
			Status:     appsv1.StatefulSetStatus{Replicas: n, UpdatedReplicas: n - int32(random.Intn(2)), AvailableReplicas: n},
		}}
	}
	deployment := &appsv1.Deployment{
		ObjectMeta: metav1.ObjectMeta{Name: rs.Name, Namespace: rs.Namespace},
		Spec:       appsv1.DeploymentSpec{Replicas: &n, Template: *rs.Spec.Template.DeepCopy()},
		Status:     appsv1.DeploymentStatus{Replicas: n, UpdatedReplicas: n - int32(random.Intn(2)), AvailableReplicas: n},
	}
	return traffic.Replicated{Deployment: deployment, ReplicaSets: []*appsv1.ReplicaSet{rs}}
}

func TestNothingStandsInTheWayWhereNothingServesNow(t *testing.T) {
	always(t, func(s anySwitch) bool {
		for _, pod := range s.Pods {
			if traffic.Selects(s.Old, pod.Labels) {
				terminating(pod)
			}
		}
		return s.Decide().Outcome != traffic.Deny
	})
}

func TestTheSameSelectorIsAllowed(t *testing.T) {
	always(t, func(s anySwitch) bool {
		s.New, s.Incoming = s.Old, nil
		return s.Decide() == traffic.Decision{}
	})
}

func TestAnOutageIsDenied(t *testing.T) {
	always(t, func(s anySwitch) bool {
		if len(traffic.Serving(s.Pods, s.Old)) == 0 || len(traffic.Serving(s.Pods, s.New)) > 0 {
			return true
		}
		return s.Decide().Outcome == traffic.Deny
	})
}

func TestAllowedIsWhatKeepsTheCapacity(t *testing.T) {
	always(t, func(s anySwitch) bool {
		before, after := len(traffic.Serving(s.Pods, s.Old)), len(traffic.Serving(s.Pods, s.New))
		return after >= before || s.Decide().Outcome != traffic.Allow
	})
}

func TestARollbackToAReadyColourOfTheSameSizeIsAllowed(t *testing.T) {
	always(t, func(s anySwitch, more uint8) bool {
		s.Old, s.New = service(color("green")), service(color("blue"))
		s.Pods = slices.DeleteFunc(s.Pods, func(pod *corev1.Pod) bool { return pod.Labels["color"] == "blue" })
		ready := max(1, len(traffic.Serving(s.Pods, s.Old))+int(more%3))
		blue := readyReplicaSet("blue", int32(ready))
		for i := range ready {
			s.Pods = append(s.Pods, controlled(readyPod(fmt.Sprintf("blue-%d", i), color("blue")), blue))
		}
		s.Incoming = []traffic.Workload{traffic.Replicated{ReplicaSets: []*appsv1.ReplicaSet{blue}}}
		if len(traffic.Serving(s.Pods, s.Old)) == 0 {
			return s.Decide().Outcome != traffic.Deny
		}
		return s.Decide() == traffic.Decision{}
	})
}

func TestADecisionDoesNotDependOnTheOrderOfPods(t *testing.T) {
	always(t, func(s anySwitch) bool {
		before := s.Decide().Outcome
		slices.Reverse(s.Pods)
		return s.Decide().Outcome == before
	})
}

func TestADecisionHasAReasonAndAFixUnlessItAllows(t *testing.T) {
	always(t, func(s anySwitch) bool {
		decision := s.Decide()
		silent := decision.Outcome == traffic.Allow
		return (decision.Reason == "") == silent && (decision.Fix == "") == silent
	})
}

func TestADecisionChangesNothing(t *testing.T) {
	always(t, func(s anySwitch) bool {
		before := copied(s.Switch)
		s.Decide()
		return reflect.DeepEqual(before, s.Switch)
	})
}

// always checks a property of many switches, the same ones in every run.
func always(t *testing.T, property any) {
	t.Helper()
	config := &quick.Config{MaxCount: 2000, Rand: rand.New(rand.NewSource(1))}
	if err := quick.Check(property, config); err != nil {
		t.Error(err)
	}
}

func copied(s traffic.Switch) traffic.Switch {
	s.Old, s.New = s.Old.DeepCopy(), s.New.DeepCopy()
	s.Pods = slices.Clone(s.Pods)
	for i, pod := range s.Pods {
		s.Pods[i] = pod.DeepCopy()
	}
	s.Incoming = slices.Clone(s.Incoming)
	for i, workload := range s.Incoming {
		s.Incoming[i] = copiedWorkload(workload)
	}
	return s
}

func copiedWorkload(workload traffic.Workload) traffic.Workload {
	switch w := workload.(type) {
	case traffic.StatefulSet:
		w.StatefulSet = w.DeepCopy()
		return w
	case traffic.Replicated:
		w.Deployment = w.Deployment.DeepCopy()
		w.ReplicaSets = slices.Clone(w.ReplicaSets)
		for i, rs := range w.ReplicaSets {
			w.ReplicaSets[i] = rs.DeepCopy()
		}
		return w
	}
	return workload
}
