package engine_test

import (
	"context"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"

	"greenlight.dev/greenlight/api/v1alpha1"
	"greenlight.dev/greenlight/internal/cluster"
	"greenlight.dev/greenlight/internal/engine"
	"greenlight.dev/greenlight/state"
)

var (
	production = &metav1.LabelSelector{MatchLabels: labels.Set{"stage": "production"}}
	batch      = &metav1.LabelSelector{MatchLabels: labels.Set{"kind": "batch"}}
)

func TestExactlyOnePolicyGoverns(t *testing.T) {
	tests := map[string]struct {
		policies          []*engine.Policy
		namespace, object labels.Set
		want              string
	}{
		"the baseline where there is none":         {nil, nil, nil, "baseline"},
		"the baseline where none matches":          {compiled(t, named("a", 0, production, nil), named("b", 0, nil, batch)), nil, nil, "baseline"},
		"the one that matches the namespace":       {compiled(t, named("a", 0, production, nil)), labels.Set{"stage": "production"}, nil, "a"},
		"the one that matches the object":          {compiled(t, named("a", 0, nil, batch)), nil, labels.Set{"kind": "batch"}, "a"},
		"none that matches only one of the two":    {compiled(t, named("a", 0, production, batch)), labels.Set{"stage": "production"}, nil, "baseline"},
		"one without selectors matches everything": {compiled(t, named("a", 0, nil, nil)), nil, nil, "a"},
		"one with empty selectors, too":            {compiled(t, named("a", 0, &metav1.LabelSelector{}, &metav1.LabelSelector{})), nil, nil, "a"},
		"the highest priority":                     {compiled(t, named("a", 1, nil, nil), named("b", 2, nil, nil), named("c", -1, nil, nil)), nil, nil, "b"},
		"the first by name of the same priority":   {compiled(t, named("b", 1, nil, nil), named("a", 1, nil, nil)), nil, nil, "a"},
		"a higher priority that matches nothing":   {compiled(t, named("a", 0, nil, nil), named("b", 9, production, nil)), nil, nil, "a"},
		"a negative priority still beats baseline": {compiled(t, named("a", -9, nil, nil)), nil, nil, "a"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			got := engine.NewPolicies(test.policies, engine.Baseline(nil)).Governing(test.namespace, test.object)
			if got.Name != test.want {
				t.Errorf("%s governs, want %s", got.Name, test.want)
			}
		})
	}
}

func TestTheNamespaceDecidesWhatGoverns(t *testing.T) {
	policies := engine.NewPolicies(compiled(t, named("strict", 0, production, nil)), engine.Baseline(nil))
	judging := engine.Governed(func() *engine.Policies { return policies })
	tests := map[string]struct {
		labels labels.Set
		want   string
	}{
		"by its labels":                 {labels.Set{"stage": "production"}, "strict"},
		"not by labels that it has not": {labels.Set{"stage": "test"}, "baseline"},
		"not where it has none":         {nil, "baseline"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			if got := judging.Judge(t.Context(), change(in(test.labels))).Policy; got != test.want {
				t.Errorf("%s governs, want %s", got, test.want)
			}
		})
	}
}

func TestANamespaceThatIsNowhereHasItsName(t *testing.T) {
	byName := &metav1.LabelSelector{MatchLabels: labels.Set{corev1.LabelMetadataName: "shop"}}
	policies := engine.NewPolicies(compiled(t, named("shop", 0, byName, nil)), engine.Baseline(nil))
	verdict := engine.Governed(func() *engine.Policies { return policies }).Judge(t.Context(), change())
	if verdict.Policy != "shop" {
		t.Errorf("%s governs", verdict.Policy)
	}
}

func TestANamespaceThatTheCacheDoesNotKnowIsAskedForLive(t *testing.T) {
	policies := engine.NewPolicies(compiled(t, named("strict", 0, production, nil)), engine.Baseline(nil))
	judging := engine.Governed(func() *engine.Policies { return policies })
	request := change(in(labels.Set{"stage": "production"}))
	request.State = lagging{request.State}
	if got := judging.Judge(t.Context(), request).Policy; got != "strict" {
		t.Errorf("%s governs", got)
	}
}

func TestNothingIsJudgedWhereTheNamespaceCannotBeRead(t *testing.T) {
	policies := engine.NewPolicies(compiled(t, named("strict", 0, production, nil)), engine.Baseline(nil))
	request := change()
	request.State = unreachable{}
	verdict := engine.Governed(func() *engine.Policies { return policies }).Judge(t.Context(), request)
	want := `finding the policy of Deployment shop/web: listing Namespace in namespace "": the cluster is not there`
	if len(verdict.Errors) != 1 || verdict.Errors[0].Error() != want || verdict.Policy != "" {
		t.Errorf("got %+v, want the error %s", verdict, want)
	}
}

func TestNoNamespaceIsReadWhereNoPolicyAsksForOne(t *testing.T) {
	policies := engine.NewPolicies(compiled(t, named("batch", 0, nil, batch)), engine.Baseline(nil))
	request := change()
	request.State = unreachable{}
	verdict := engine.Governed(func() *engine.Policies { return policies }).Judge(t.Context(), request)
	if verdict.Policy != "baseline" || len(verdict.Errors) > 0 {
		t.Errorf("got %+v", verdict)
	}
}

func TestThePoliciesInANamespaceEndWithTheFirstForEveryObject(t *testing.T) {
	policies := engine.NewPolicies(compiled(t,
		named("batch", 3, nil, batch), named("production", 2, production, nil), named("all", 1, nil, nil), named("never", 0, nil, nil),
	), engine.Baseline(nil))
	tests := map[string]struct {
		labels labels.Set
		want   []string
	}{
		"with labels":    {labels.Set{"stage": "production"}, []string{"batch", "production"}},
		"without labels": {nil, []string{"batch", "all"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			var got []string
			for _, policy := range policies.InNamespace(test.labels) {
				got = append(got, policy.Name)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("policies (-want +got):\n%s", diff)
			}
		})
	}
}

func named(name string, priority int32, namespaces, objects *metav1.LabelSelector) *v1alpha1.RolloutPolicy {
	document := &v1alpha1.RolloutPolicy{Spec: v1alpha1.RolloutPolicySpec{
		Priority: priority, NamespaceSelector: namespaces, ObjectSelector: objects,
	}}
	document.Name = name
	return document
}

func compiled(t *testing.T, documents ...*v1alpha1.RolloutPolicy) []*engine.Policy {
	t.Helper()
	policies := make([]*engine.Policy, len(documents))
	for i, document := range documents {
		policy, err := engine.NewPolicy(document, nil)
		if err != nil {
			t.Fatal(err)
		}
		policies[i] = policy
	}
	return policies
}

// in gives the namespace shop labels.
func in(set labels.Set) func(*engine.Request) {
	namespace := &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: "shop", Labels: set}}
	namespace.SetGroupVersionKind(state.Namespace)
	return func(request *engine.Request) { request.State = cluster.NewManifests([]state.Object{namespace}, true) }
}

// lagging is a cache that has not seen anything yet.
type lagging struct{ state.Reader }

func (l lagging) List(ctx context.Context, query state.Query) (state.Listing, error) {
	if !query.Live {
		return state.Listing{Complete: true}, nil
	}
	return l.Reader.List(ctx, query)
}

type unreachable struct{}

func (unreachable) List(context.Context, state.Query) (state.Listing, error) {
	return state.Listing{}, errors.New("the cluster is not there")
}
