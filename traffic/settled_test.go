package traffic_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/intstr"

	"greenlight.dev/greenlight/traffic"
)

func TestAPodIsSettledOnceItsDeploymentHasWhatItWants(t *testing.T) {
	tests := map[string]struct {
		owners func(*traffic.Owners)
		want   map[string]string
	}{
		"its revision is the newest":   {func(*traffic.Owners) {}, color("blue")},
		"its revision is an older one": {func(o *traffic.Owners) { o.Deployment.Spec.Template.Labels = color("green") }, color("green")},
		"and the rollout is paused": {func(o *traffic.Owners) {
			o.Deployment.Spec.Template.Labels, o.Deployment.Spec.Paused = color("green"), true
		}, color("green")},
		"its Deployment is scaled to 0":           {func(o *traffic.Owners) { o.Deployment.Spec.Replicas = new(int32) }, nil},
		"its ReplicaSet is scaled to 0":           {func(o *traffic.Owners) { o.ReplicaSet.Spec.Replicas = new(int32) }, nil},
		"its ReplicaSet is on its own":            {func(o *traffic.Owners) { o.Deployment = nil }, color("blue")},
		"its own ReplicaSet has another template": {func(o *traffic.Owners) { o.Deployment, o.ReplicaSet.Spec.Template.Labels = nil, color("green") }, color("blue")},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			rs := readyReplicaSet("blue", 1)
			owners := traffic.Owners{ReplicaSet: rs, Deployment: &appsv1.Deployment{}}
			owners.Deployment.Spec.Template = *rs.Spec.Template.DeepCopy()
			test.owners(&owners)
			if diff := cmp.Diff(test.want, labelsOf(owners.Settled(readyPod("blue-1", color("blue")), service(nil)))); diff != "" {
				t.Errorf("labels (-want +got):\n%s", diff)
			}
		})
	}
}

func TestOfARolloutOverARolloutWhatServesLessStaysIfItIsEnough(t *testing.T) {
	const blue, green, red = "blue", "green", "red"
	tests := map[string]struct {
		selector string
		newest   string
		replicas int32
		between  int32
		want     string
	}{
		"it selects the newest and not the one in between":  {green, green, 1, 1, red},
		"the one in between has as many pods as must be":    {green, green, 4, 3, red},
		"the one in between has fewer pods than must be":    {green, green, 4, 2, green},
		"the one in between has no pods":                    {green, green, 1, 0, green},
		"it selects the one in between and not the newest":  {red, green, 1, 1, green},
		"it selects neither the newest nor the one between": {blue, green, 1, 1, green},
		"nothing is rolled out":                             {blue, blue, 1, 1, blue},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			owners := traffic.Owners{
				ReplicaSet: readyReplicaSet(blue, 1), Deployment: &appsv1.Deployment{},
				Beside: []*appsv1.ReplicaSet{readyReplicaSet(test.newest, 1), readyReplicaSet(red, test.between)},
			}
			owners.Deployment.Spec.Replicas = &test.replicas
			owners.Deployment.Spec.Strategy.RollingUpdate = &appsv1.RollingUpdateDeployment{
				MaxSurge: new(intstr.FromString("25%")), MaxUnavailable: new(intstr.FromString("25%")),
			}
			owners.Deployment.Spec.Template = readyReplicaSet(test.newest, 1).Spec.Template
			settled := owners.Settled(readyPod("blue-1", color(blue)), service(color(test.selector)))
			if diff := cmp.Diff(color(test.want), labelsOf(settled)); diff != "" {
				t.Errorf("labels (-want +got):\n%s", diff)
			}
		})
	}
}

func TestOfTwoTemplatesTheOneWithFewerOfTheServicesPortsMayStay(t *testing.T) {
	without := readyReplicaSet("blue", 1)
	without.Spec.Template.Spec.Containers = []corev1.Container{{Name: "web"}}
	owners := traffic.Owners{
		ReplicaSet: readyReplicaSet("blue", 1), Deployment: &appsv1.Deployment{}, Beside: []*appsv1.ReplicaSet{without},
	}
	owners.Deployment.Spec.Template = readyReplicaSet("blue", 1).Spec.Template
	owners.Deployment.Spec.Template.Annotations = map[string]string{"restarted": "now"}
	web := service(color("blue"))
	settled := owners.Settled(readyPod("blue-1", color("blue")), web)
	if got := traffic.Serving([]*corev1.Pod{settled}, web); len(got) != 0 {
		t.Errorf("a pod with the port %v stays", settled.Spec.Containers[0].Ports)
	}
}

func TestAPodIsSettledOnceItsStatefulSetHasWhatItWants(t *testing.T) {
	set := func(changes ...func(*appsv1.StatefulSet)) *appsv1.StatefulSet {
		set := &appsv1.StatefulSet{}
		set.Spec.Replicas = new(int32(3))
		set.Spec.Template.Labels = color("green")
		set.Status.UpdateRevision = "new"
		for _, change := range changes {
			change(set)
		}
		return set
	}
	partition := func(from int32) func(*appsv1.StatefulSet) {
		return func(set *appsv1.StatefulSet) {
			set.Spec.UpdateStrategy.RollingUpdate = &appsv1.RollingUpdateStatefulSetStrategy{Partition: new(from)}
		}
	}
	replicas := func(n int32) func(*appsv1.StatefulSet) {
		return func(set *appsv1.StatefulSet) { set.Spec.Replicas = new(n) }
	}
	onDelete := func(set *appsv1.StatefulSet) { set.Spec.UpdateStrategy.Type = appsv1.OnDeleteStatefulSetStrategyType }
	from := func(start int32) func(*appsv1.StatefulSet) {
		return func(set *appsv1.StatefulSet) { set.Spec.Ordinals = &appsv1.StatefulSetOrdinals{Start: start} }
	}
	unseen := func(set *appsv1.StatefulSet) { set.Generation = 1 }
	const blue, green, gone = "blue", "green", ""
	tests := map[string]struct {
		set      *appsv1.StatefulSet
		revision string
		want     string
	}{
		"of an older revision":                     {set(), "old", green},
		"of the newest revision":                   {set(), "new", blue},
		"the newest spec is not seen yet":          {set(unseen), "new", green},
		"its ordinal is the last":                  {set(replicas(3)), "new", blue},
		"its ordinal is beyond":                    {set(replicas(2)), "new", gone},
		"its ordinal is not, as they start later":  {set(replicas(2), from(1)), "new", blue},
		"before the partition":                     {set(partition(3)), "old", blue},
		"at the partition":                         {set(partition(2)), "old", green},
		"before the partition, from a later start": {set(partition(2), from(1)), "old", blue},
		"OnDelete": {set(onDelete), "old", blue},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			pod := readyPod("db-2", map[string]string{"color": "blue", "role": "primary", "controller-revision-hash": test.revision})
			settled := traffic.Owners{StatefulSet: test.set}.Settled(pod, service(nil))
			if got := labelsOf(settled)["color"]; got != test.want {
				t.Errorf("color %q, want %q", got, test.want)
			}
			if settled != nil && settled.Labels["role"] != "primary" {
				t.Errorf("labels %v: the label that the template does not have is lost", settled.Labels)
			}
		})
	}
}

func TestRelabelledKeepsWhatNoTemplateHas(t *testing.T) {
	got := traffic.Relabelled(
		map[string]string{"app": "web", "version": "1", "role": "primary"},
		map[string]string{"app": "web", "version": "1"},
		map[string]string{"app": "web"})
	if diff := cmp.Diff(map[string]string{"app": "web", "role": "primary"}, got); diff != "" {
		t.Errorf("labels (-want +got):\n%s", diff)
	}
}

func labelsOf(pod *corev1.Pod) map[string]string {
	if pod == nil {
		return nil
	}
	return pod.Labels
}
