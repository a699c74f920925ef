package cluster

import (
	"fmt"
	"testing"

	autoscalingv2 "k8s.io/api/autoscaling/v2"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/types"

	"greenlight.dev/greenlight/state"
)

// crowd is a namespace of apps, each with a Service, a Deployment, ten ReplicaSets and an autoscaler.
// They share a label that their selectors ask for, as those of one environment do.
func crowd(apps int) []state.Object {
	var objects []state.Object
	for i := range apps {
		app := fmt.Sprintf("app-%d", i)
		pods := labels.Set{"app": app, "env": "a", "version": "1.0.0"}
		objects = append(objects,
			service(app, labels.Set{"app": app, "env": "a"}),
			deployment(app, pods, equals(labels.Set{"app": app, "env": "a"})),
			autoscaler(app, autoscalingv2.CrossVersionObjectReference{APIVersion: "apps/v1", Kind: "Deployment", Name: app}))
		for revision := range 10 {
			hash := fmt.Sprint(revision)
			template := labels.Merge(pods, labels.Set{"pod-template-hash": hash})
			objects = append(objects, replicaSet(app+"-"+hash, types.UID(app), template))
		}
	}
	return objects
}

// Each question is asked of a namespace that holds nothing, one app, or 500. Of one app it finds as
// much as of 500, so it should cost as much.
func BenchmarkLookup(b *testing.B) {
	pods := labels.Set{"app": "app-0", "env": "a", "version": "1.0.0"}
	selector := labels.SelectorFromSet(labels.Set{"app": "app-0", "env": "a"})
	queries := []struct {
		name  string
		query state.Query
	}{
		{"Services that select the pods", state.Query{Kind: state.Service, Selecting: pods}},
		{"Deployments that select the pods", state.Query{Kind: state.Deployment, Selecting: pods}},
		{"Deployments behind a Service", state.Query{Kind: state.Deployment, TemplateLabels: selector}},
		{"ReplicaSets behind a Service", state.Query{Kind: state.ReplicaSet, TemplateLabels: selector}},
		{"ReplicaSets that a Deployment would adopt", state.Query{Kind: state.ReplicaSet, Labels: selector}},
		{"ReplicaSets of a Deployment", state.Query{Kind: state.ReplicaSet, OwnedBy: "app-0"}},
		{"autoscalers of a Deployment", state.Query{Kind: state.HorizontalPodAutoscaler, Scaling: state.Workload{Group: "apps", Kind: "Deployment", Name: "app-0"}}},
		{"one by name", state.Query{Kind: state.Deployment, Name: "app-0"}},
	}
	for _, apps := range []int{0, 1, 500} {
		caches := cachesOf(b, crowd(apps))
		for _, question := range queries {
			b.Run(fmt.Sprintf("%s/apps=%d", question.name, apps), func(b *testing.B) {
				question.query.Namespace = "shop"
				b.ReportAllocs()
				for b.Loop() {
					if _, err := caches[question.query.Kind].find(question.query); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}

// Every status update of a workload is an event, and a namespace is worked through for each.
func BenchmarkEvent(b *testing.B) {
	for _, apps := range []int{1, 1000} {
		b.Run(fmt.Sprintf("ReplicaSets=%d", 10*apps), func(b *testing.B) {
			objects := crowd(apps)
			cache := cachesOf(b, objects)[state.ReplicaSet]
			updated := transformed(b, objects[len(objects)-1])
			for b.Loop() {
				cache.OnUpdate(nil, updated)
			}
		})
	}
}
