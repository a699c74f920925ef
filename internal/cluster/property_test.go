package cluster

import (
	"maps"
	"slices"
	"testing"

	autoscalingv2 "k8s.io/api/autoscaling/v2"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"
	toolscache "k8s.io/client-go/tools/cache"
	"pgregory.net/rapid"

	"greenlight.dev/greenlight/state"
)

// askedFor are the kinds that conditions tell apart.
var askedFor = []schema.GroupVersionKind{
	state.Service, state.Deployment, state.ReplicaSet, state.StatefulSet, state.HorizontalPodAutoscaler, state.PodDisruptionBudget,
}

var (
	key      = rapid.SampledFrom([]string{"app", "tier", "version"})
	value    = rapid.SampledFrom([]string{"", "a", "b", "*"})
	name     = rapid.SampledFrom([]string{"a", "b", "c", "d"})
	uid      = rapid.SampledFrom([]types.UID{"", "u", "v"})
	operator = rapid.SampledFrom([]metav1.LabelSelectorOperator{"In", "NotIn", "Exists", "DoesNotExist", "Unheard"})

	labelSet = rapid.Custom(func(t *rapid.T) labels.Set { return rapid.MapOfN(key, value, -1, 3).Draw(t, "labels") })

	selector = rapid.Custom(func(t *rapid.T) *metav1.LabelSelector {
		selector := &metav1.LabelSelector{MatchLabels: labelSet.Draw(t, "matchLabels")}
		for range rapid.IntRange(0, 2).Draw(t, "expressions") {
			expression := metav1.LabelSelectorRequirement{Key: key.Draw(t, "key"), Operator: operator.Draw(t, "operator")}
			if expression.Operator == "In" || expression.Operator == "NotIn" {
				expression.Values = rapid.SliceOfN(value, 1, 3).Draw(t, "values")
			}
			selector.MatchExpressions = append(selector.MatchExpressions, expression)
		}
		return rapid.SampledFrom([]*metav1.LabelSelector{selector, nil}).Draw(t, "selector")
	})

	target = rapid.Custom(func(t *rapid.T) autoscalingv2.CrossVersionObjectReference {
		version := rapid.SampledFrom([]string{"apps/v1", "apps/v1beta1", "", "v1"}).Draw(t, "apiVersion")
		return autoscalingv2.CrossVersionObjectReference{APIVersion: version, Kind: "Deployment", Name: name.Draw(t, "target")}
	})

	object = rapid.Custom(func(t *rapid.T) state.Object {
		name := name.Draw(t, "name")
		object := rapid.SampledFrom([]state.Object{
			service(name, labelSet.Draw(t, "selector")),
			deployment(name, labelSet.Draw(t, "template"), selector.Draw(t, "selector")),
			replicaSet(name, uid.Draw(t, "owner"), labelSet.Draw(t, "template")),
			statefulSet(name, labelSet.Draw(t, "template")),
			autoscaler(name, target.Draw(t, "target")),
			disruptionBudget(name, selector.Draw(t, "selector")),
		}).Draw(t, "object")
		object.SetLabels(labelSet.Draw(t, "labels"))
		object.SetNamespace(rapid.SampledFrom([]string{"shop", "elsewhere"}).Draw(t, "namespace"))
		return object
	})

	query = rapid.Custom(func(t *rapid.T) state.Query {
		query := state.Query{Kind: rapid.SampledFrom(askedFor).Draw(t, "kind"), Namespace: "shop"}
		conditions := []func(){
			func() { query.Name = name.Draw(t, "name") },
			func() { query.Labels = parsedSelector(selector.Draw(t, "labels")) },
			func() { query.TemplateLabels = parsedSelector(selector.Draw(t, "templateLabels")) },
			func() { query.Selecting = labelSet.Draw(t, "selecting") },
			func() { query.OwnedBy = uid.Draw(t, "ownedBy") },
			func() {
				query.Scaling = state.Workload{Group: rapid.SampledFrom([]string{"apps", ""}).Draw(t, "group"), Kind: "Deployment", Name: name.Draw(t, "scaled")}
			},
		}
		for _, i := range rapid.SliceOfNDistinct(rapid.IntRange(0, len(conditions)-1), 0, 2, rapid.ID[int]).Draw(t, "conditions") {
			conditions[i]()
		}
		return query
	})
)

func parsedSelector(selector *metav1.LabelSelector) labels.Selector {
	parsed, err := metav1.LabelSelectorAsSelector(selector)
	if err != nil {
		return labels.Everything()
	}
	return parsed
}

func TestManifestsFindWhatAScanFinds(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		objects, query := rapid.SliceOfN(object, 0, 12).Draw(r, "objects"), query.Draw(r, "query")
		listing, err := NewManifests(objects, false).List(t.Context(), query)
		if err != nil {
			r.Fatal(err)
		}
		if got, want := namesOf(listing.Items), scan(objects, query); !slices.Equal(got, want) {
			r.Fatalf("found %v, a scan finds %v", got, want)
		}
	})
}

// Objects come, change and go, so that whatever files them wrongly is found out.
func TestTheCacheFindsWhatAScanFinds(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		cache, held := newStore(), map[string]state.Object{}
		query := query.Draw(r, "query")
		for range rapid.IntRange(1, 30).Draw(r, "events") {
			happen(r, cache, held, objectOf(query.Kind).Draw(r, "object"))
			found, err := cache.find(query)
			if err != nil {
				r.Fatal(err)
			}
			got, want := namesOf(found), scan(slices.Collect(maps.Values(held)), query)
			if !slices.Equal(got, want) {
				r.Fatalf("found %v, a scan finds %v", got, want)
			}
		}
		for _, object := range held {
			cache.OnDelete(object)
		}
		if len(cache.filed.lists) > 0 {
			r.Fatalf("left behind: %v", cache.filed.lists)
		}
	})
}

func objectOf(kind schema.GroupVersionKind) *rapid.Generator[state.Object] {
	return object.Filter(func(o state.Object) bool { return o.GetObjectKind().GroupVersionKind() == kind })
}

func happen(r *rapid.T, cache *store, held map[string]state.Object, object state.Object) {
	key := object.GetNamespace() + "/" + object.GetName()
	switch rapid.SampledFrom([]string{"added", "updated", "deleted", "deletion missed"}).Draw(r, "event") {
	case "added":
		cache.OnAdd(transformed(r, object), false)
		held[key] = object
	case "updated":
		cache.OnUpdate(nil, transformed(r, object))
		held[key] = object
	case "deleted":
		cache.OnDelete(transformed(r, object))
		delete(held, key)
	case "deletion missed":
		cache.OnDelete(toolscache.DeletedFinalStateUnknown{Key: key})
		delete(held, key)
	}
}
