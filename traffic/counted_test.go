package traffic_test

import (
	"testing"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/intstr"

	"greenlight.dev/greenlight/traffic"
)

// TestPodsThatGoAreCounted goes back from green, 1 ready pod, to blue: 1 ready pod, unless the case says
// otherwise. The Deployment wants 2 pods.
func TestPodsThatGoAreCounted(t *testing.T) {
	tests := map[string]struct {
		change func(*traffic.Rollout)
		want   bool
	}{
		"every pod that counts is there":      {func(*traffic.Rollout) {}, false},
		"the target was scaled to 0 just now": {func(r *traffic.Rollout) { scaled(r.Target, 0, 1) }, true},
		"the target was scaled to 0, and its status says so": {func(r *traffic.Rollout) {
			scaled(r.Target, 0, 0)
			r.Deployment.Status.AvailableReplicas = 1
			r.Pods = r.Pods[1:]
		}, false},
		"the controller has not seen that":        {func(r *traffic.Rollout) { scaled(r.Target, 0, 0) }, true},
		"a pod of the target was deleted":         {func(r *traffic.Rollout) { r.Pods = r.Pods[1:] }, true},
		"a pod of the target terminates":          {func(r *traffic.Rollout) { terminating(r.Pods[0]) }, true},
		"a pod of the target is not ready":        {func(r *traffic.Rollout) { unready(r.Pods[0]) }, true},
		"nothing else has pods":                   {func(r *traffic.Rollout) { scaled(r.Target, 0, 1); scaled(r.ReplicaSets[1], 0, 1) }, false},
		"Recreate takes every older pod anyway":   {func(r *traffic.Rollout) { scaled(r.Target, 0, 1); recreate(r) }, false},
		"more are available than there must be":   {func(r *traffic.Rollout) { oneUnavailable(r) }, true},
		"and the Deployment is paused":            {func(r *traffic.Rollout) { oneUnavailable(r); r.Deployment.Spec.Paused = true }, false},
		"and the target is the newest":            {func(r *traffic.Rollout) { oneUnavailable(r); goesTo(r, r.Target) }, false},
		"and the target has no pods any more":     {func(r *traffic.Rollout) { oneUnavailable(r); gone(r) }, false},
		"the status of the Deployment is not new": {func(r *traffic.Rollout) { r.Deployment.Status.AvailableReplicas = 3 }, true},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			rollout := goingBack()
			test.change(&rollout)
			if got := rollout.CountsPodsThatGo(); got != test.want {
				t.Errorf("got %t", got)
			}
		})
	}
}

func goingBack() traffic.Rollout {
	blue, green := readyReplicaSet("blue", 1), readyReplicaSet("green", 1)
	rollout := traffic.Rollout{
		Deployment: &appsv1.Deployment{}, Target: blue, ReplicaSets: []*appsv1.ReplicaSet{blue, green},
		Pods: []*corev1.Pod{controlled(readyPod("blue-1", color("blue")), blue), controlled(readyPod("green-1", color("green")), green)},
	}
	rollout.Deployment.Spec.Replicas = new(int32(2))
	rollout.Deployment.Status.AvailableReplicas = 2
	rollout.Deployment.Spec.Strategy.RollingUpdate = &appsv1.RollingUpdateDeployment{MaxSurge: new(intstr.FromInt32(1))}
	goesTo(&rollout, green)
	return rollout
}

func goesTo(rollout *traffic.Rollout, rs *appsv1.ReplicaSet) {
	rollout.Deployment.Spec.Template = *rs.Spec.Template.DeepCopy()
}

func scaled(rs *appsv1.ReplicaSet, replicas, available int32) {
	rs.Spec.Replicas, rs.Status.AvailableReplicas = &replicas, available
}

func gone(rollout *traffic.Rollout) {
	scaled(rollout.Target, 0, 0)
	scaled(rollout.ReplicaSets[1], 2, 2)
}

func recreate(rollout *traffic.Rollout) {
	rollout.Deployment.Spec.Strategy.Type = appsv1.RecreateDeploymentStrategyType
}

func oneUnavailable(rollout *traffic.Rollout) {
	rollout.Deployment.Spec.Strategy.RollingUpdate.MaxUnavailable = new(intstr.FromInt32(1))
}
