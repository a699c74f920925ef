package cluster

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	"k8s.io/apimachinery/pkg/labels"
	toolscache "k8s.io/client-go/tools/cache"

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

// What is judged too early is not judged again.
func TestAChangeIsToldOfOnceTheCacheAnswersByIt(t *testing.T) {
	cache := newStore()
	cache.OnAdd(transformed(t, service("there", labels.Set{"version": "blue"})), true)
	var told []string
	cache.onChange(func(name toolscache.ObjectName) {
		found, err := cache.find(state.Query{Namespace: name.Namespace, Name: name.Name})
		if err != nil {
			t.Error(err)
		}
		selectors := []labels.Set{}
		for _, object := range found {
			selectors = append(selectors, object.(*corev1.Service).Spec.Selector)
		}
		told = append(told, fmt.Sprint(name.Name, selectors))
	})
	blue, green := service("web", labels.Set{"version": "blue"}), service("web", labels.Set{"version": "green"})
	progressed := service("web", labels.Set{"version": "green"})
	progressed.ResourceVersion = "2"
	cache.OnAdd(transformed(t, blue), false)
	cache.OnUpdate(transformed(t, blue), transformed(t, green))
	cache.OnUpdate(transformed(t, green), transformed(t, progressed))
	cache.OnDelete(toolscache.DeletedFinalStateUnknown{Key: "shop/web"})
	want := []string{"there[version=blue]", "web[version=blue]", "web[version=green]", "web[]"}
	if diff := cmp.Diff(want, told); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
