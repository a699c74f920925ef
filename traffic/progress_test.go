package traffic_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"greenlight.dev/greenlight/traffic"
)

func TestProgressCountsWhatWouldServe(t *testing.T) {
	green := readyReplicaSet("green", 3)
	two := int32(2)
	replicaSet := traffic.Switch{
		Pods: []*corev1.Pod{
			controlled(readyPod("green-a", color("green")), green), controlled(unready(readyPod("green-b", color("green"))), green),
			readyPod("blue-a", color("blue")),
		},
		Incoming: []traffic.Workload{traffic.Replicated{ReplicaSets: []*appsv1.ReplicaSet{green}}},
	}
	refused := readyReplicaSet("green", 2)
	refused.Status.Conditions = []appsv1.ReplicaSetCondition{{
		Type: appsv1.ReplicaSetReplicaFailure, Status: corev1.ConditionTrue, Reason: "FailedCreate", Message: "exceeded quota",
	}}
	begun := traffic.Replicated{Deployment: &appsv1.Deployment{
		ObjectMeta: metav1.ObjectMeta{Name: "green", Namespace: "shop"},
		Spec:       appsv1.DeploymentSpec{Replicas: &two, Template: green.Spec.Template},
	}}
	set := traffic.StatefulSet{StatefulSet: &appsv1.StatefulSet{
		ObjectMeta: metav1.ObjectMeta{Name: "green", Namespace: "shop"},
		Spec:       appsv1.StatefulSetSpec{Replicas: &two, Template: green.Spec.Template},
	}}
	gone := traffic.StatefulSet{StatefulSet: set.StatefulSet, Gone: true}
	tests := map[string]struct {
		facts traffic.Switch
		want  []traffic.Progress
	}{
		"nothing comes in": {traffic.Switch{}, nil},
		"a ReplicaSet": {replicaSet, []traffic.Progress{{
			Name: "ReplicaSet green", Available: 1, Desired: 3, Waiting: []string{"green-b: not ready"},
		}}},
		"a ReplicaSet that cannot make pods": {
			traffic.Switch{Incoming: []traffic.Workload{traffic.Replicated{ReplicaSets: []*appsv1.ReplicaSet{refused}}}},
			[]traffic.Progress{{Name: "ReplicaSet green", Desired: 2, Waiting: []string{"FailedCreate (exceeded quota)"}}},
		},
		"a StatefulSet without a pod": {
			traffic.Switch{Incoming: []traffic.Workload{set}},
			[]traffic.Progress{{Name: "StatefulSet green", Desired: 2, Waiting: []string{"0 of 2 pods exist, each is made once the one before it is ready"}}},
		},
		"a StatefulSet that is gone": {
			traffic.Switch{Incoming: []traffic.Workload{gone}},
			[]traffic.Progress{{Name: "statefulset/green", Waiting: []string{"StatefulSet green is gone: its pods are being deleted"}}},
		},
		"a Deployment without a ReplicaSet": {
			traffic.Switch{Incoming: []traffic.Workload{begun}},
			[]traffic.Progress{{Name: "deployment/green", Desired: 2, Waiting: []string{"Deployment green has not started any of its 2 pods yet"}}},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			test.facts.Old, test.facts.New, test.facts.Now = service(color("blue")), service(color("green")), now
			if diff := cmp.Diff(test.want, test.facts.Progress()); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}
