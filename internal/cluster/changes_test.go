package cluster

import (
	"testing"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	"k8s.io/apimachinery/pkg/labels"

	"greenlight.dev/greenlight/state"
)

func TestOnlyWhatIsJudgedAtRestIsAChange(t *testing.T) {
	quota := func() *corev1.ResourceQuota { return &corev1.ResourceQuota{ObjectMeta: inShop("pods")} }
	web := func() *appsv1.Deployment {
		return deployment("web", labels.Set{"app": "web"}, equals(labels.Set{"app": "web"}))
	}
	tests := map[string]struct {
		before state.Object
		change func(state.Object)
		want   bool
	}{
		"a new resource version is none": {web(), func(o state.Object) { o.SetResourceVersion("2") }, false},
		"the progress of a rollout is none": {web(), func(o state.Object) {
			o.(*appsv1.Deployment).Status.ReadyReplicas = 3
		}, false},
		"an annotation of others is none": {web(), func(o state.Object) { o.SetAnnotations(map[string]string{"a": "b"}) }, false},
		"an annotation of ours is":        {web(), func(o state.Object) { o.SetAnnotations(map[string]string{"greenlight.dev/a": "b"}) }, true},
		"a new generation is":             {web(), func(o state.Object) { o.SetGeneration(2) }, true},
		"a selector is":                   {service("web", nil), func(o state.Object) { o.(*corev1.Service).Spec.Selector = labels.Set{"a": "b"} }, true},
		"what a quota has left is": {quota(), func(o state.Object) {
			o.(*corev1.ResourceQuota).Status.Used = corev1.ResourceList{corev1.ResourcePods: resource.MustParse("1")}
		}, true},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			after := test.before.DeepCopyObject().(state.Object)
			test.change(after)
			if got := !sameAtRest(transformed(t, test.before), transformed(t, after)); got != test.want {
				t.Errorf("a change: %t", got)
			}
		})
	}
}

func TestWhatCannotBeReadCountsAsAChange(t *testing.T) {
	if sameAtRest("text", "text") {
		t.Error("two things that are no objects are the same")
	}
}
