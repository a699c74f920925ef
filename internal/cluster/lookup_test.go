package cluster

import (
	"testing"

	autoscalingv2 "k8s.io/api/autoscaling/v2"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"

	"github.com/google/go-cmp/cmp"

	"greenlight.dev/greenlight/state"
)

var shop = []state.Object{
	service("hello", labels.Set{"app": "hello", "version": "1.0.0"}),
	service("all", labels.Set{"app": "hello"}),
	service("manual", nil),
	labelled(deployment("hello-green", labels.Set{"app": "hello", "version": "2.0.0"}, equals(labels.Set{"app": "hello", "version": "2.0.0"})), "team", "a"),
	deployment("hello-blue", labels.Set{"app": "hello", "version": "1.0.0"}, equals(labels.Set{"app": "hello", "version": "1.0.0"})),
	deployment("greedy", labels.Set{"tier": "web"}, expression("app", metav1.LabelSelectorOpExists)),
	deployment("either", labels.Set{"app": "b"}, expression("app", metav1.LabelSelectorOpIn, "a", "b")),
	deployment("invalid", labels.Set{"app": "b"}, expression("app", "Like", "b")),
	elsewhere(deployment("hello-green", labels.Set{"app": "hello"}, equals(labels.Set{"app": "hello"}))),
	replicaSet("hello-green-1", "uid-green", labels.Set{"app": "hello", "version": "1.9.0"}),
	replicaSet("hello-green-2", "uid-green", labels.Set{"app": "hello", "version": "2.0.0"}),
	replicaSet("hello-blue-1", "uid-blue", labels.Set{"app": "hello", "version": "1.0.0"}),
	autoscaler("green", autoscalingv2.CrossVersionObjectReference{APIVersion: "apps/v1", Kind: "Deployment", Name: "hello-green"}),
	autoscaler("rollout", autoscalingv2.CrossVersionObjectReference{APIVersion: "argoproj.io/v1alpha1", Kind: "Rollout", Name: "hello-green"}),
}

func labelled[T state.Object](object T, key, value string) T {
	object.SetLabels(map[string]string{key: value})
	return object
}

func elsewhere[T state.Object](object T) T {
	object.SetNamespace("elsewhere")
	return object
}

func expression(key string, operator metav1.LabelSelectorOperator, values ...string) *metav1.LabelSelector {
	return &metav1.LabelSelector{MatchExpressions: []metav1.LabelSelectorRequirement{{Key: key, Operator: operator, Values: values}}}
}

func TestFind(t *testing.T) {
	cases := map[string]struct {
		query state.Query
		want  []string
	}{
		"no condition asks for the whole namespace, by name": {
			query: state.Query{Kind: state.Deployment},
			want:  []string{"either", "greedy", "hello-blue", "hello-green", "invalid"},
		},
		"a name asks for one object": {
			query: state.Query{Kind: state.Service, Name: "hello"},
			want:  []string{"hello"},
		},
		"a name that nothing has finds nothing": {
			query: state.Query{Kind: state.Service, Name: "bye"},
			want:  []string{},
		},
		"a name with labels has to meet both": {
			query: state.Query{Kind: state.Deployment, Name: "hello-blue", Labels: labels.SelectorFromSet(labels.Set{"team": "a"})},
			want:  []string{},
		},
		"labels are the object's own": {
			query: state.Query{Kind: state.Deployment, Labels: labels.SelectorFromSet(labels.Set{"team": "a"})},
			want:  []string{"hello-green"},
		},
		"a Service selects workloads by their template": {
			query: state.Query{Kind: state.ReplicaSet, TemplateLabels: labels.SelectorFromSet(labels.Set{"app": "hello", "version": "2.0.0"})},
			want:  []string{"hello-green-2"},
		},
		"a selector without an equality finds templates all the same": {
			query: state.Query{Kind: state.Deployment, TemplateLabels: parsed(t, "!app")},
			want:  []string{"greedy"},
		},
		"a selector of several values finds templates with any of them": {
			query: state.Query{Kind: state.Deployment, TemplateLabels: parsed(t, "app in (b,hello),version!=1.0.0")},
			want:  []string{"either", "hello-green", "invalid"},
		},
		"a selector of nothing finds no template": {
			query: state.Query{Kind: state.Deployment, TemplateLabels: labels.Nothing()},
			want:  []string{},
		},
		"Services that select a pod": {
			query: state.Query{Kind: state.Service, Selecting: labels.Set{"app": "hello", "version": "1.0.0", "hash": "x"}},
			want:  []string{"all", "hello"},
		},
		"Deployments that select a pod, by expressions too": {
			query: state.Query{Kind: state.Deployment, Selecting: labels.Set{"app": "b"}},
			want:  []string{"either", "greedy"},
		},
		"nothing selects a pod without labels": {
			query: state.Query{Kind: state.Service, Selecting: labels.Set{}},
			want:  []string{},
		},
		"ReplicaSets of one Deployment": {
			query: state.Query{Kind: state.ReplicaSet, OwnedBy: "uid-green"},
			want:  []string{"hello-green-1", "hello-green-2"},
		},
		"autoscalers of a Deployment, not of a namesake of another kind": {
			query: state.Query{Kind: state.HorizontalPodAutoscaler, Scaling: state.Workload{Group: "apps", Kind: "Deployment", Name: "hello-green"}},
			want:  []string{"green"},
		},
		"a condition that the kind cannot meet finds nothing": {
			query: state.Query{Kind: state.Service, Scaling: state.Workload{Kind: "Deployment", Name: "hello-green"}},
			want:  []string{},
		},
	}
	for where, ask := range readers(t, shop) {
		for name, test := range cases {
			t.Run(name+", in "+where, func(t *testing.T) {
				test.query.Namespace = "shop"
				if diff := cmp.Diff(test.want, namesOf(ask(test.query))); diff != "" {
					t.Errorf("(-want +got)\n%s", diff)
				}
			})
		}
	}
}

func parsed(t *testing.T, selector string) labels.Selector {
	parsed, err := labels.Parse(selector)
	if err != nil {
		t.Fatal(err)
	}
	return parsed
}

func TestLabelsNarrowDownWhatIsLookedAt(t *testing.T) {
	const apps, revisions = 20, 10
	var objects []state.Object
	for _, object := range crowd(apps) {
		object.SetLabels(state.TemplateLabels(object))
		objects = append(objects, object)
	}
	replicaSets := cachesOf(t, objects)[state.ReplicaSet]
	selector := labels.SelectorFromSet(labels.Set{"app": "app-0", "env": "a"})
	for name, query := range map[string]state.Query{
		"an object's own":   {Namespace: "shop", Labels: selector},
		"those of its pods": {Namespace: "shop", TemplateLabels: selector},
	} {
		candidates, err := replicaSets.candidates(query)
		if err != nil {
			t.Fatal(err)
		}
		if len(candidates) != revisions {
			t.Errorf("%s: %d ReplicaSets are looked at, want the %d that have the labels", name, len(candidates), revisions)
		}
	}
}
