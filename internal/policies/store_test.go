package policies

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"greenlight.dev/greenlight/api/v1alpha1"
)

func TestTheNewestGoodSpecIsInForce(t *testing.T) {
	good := policy(1, 1, "single").Spec
	bad := policy(1, 1, "unknown").Spec
	tests := map[string]struct {
		// passes are what is read one after the other.
		passes [][]v1alpha1.RolloutPolicy
		// want are the generations in force.
		want []int64
	}{
		"a valid one":                            {passes{{policy(1, 1, "single")}}, []int64{1}},
		"a change of it":                         {passes{{policy(1, 1, "single")}, {policy(2, 2, "single")}}, []int64{2}},
		"the last good one of a bad one":         {passes{{policy(1, 1, "single")}, {policy(2, 2, "unknown")}}, []int64{1}},
		"also while it stays bad":                {passes{{policy(1, 1, "single")}, {policy(2, 2, "unknown")}, {policy(3, 3, "unknown")}}, []int64{1}},
		"the change that mends it":               {passes{{policy(1, 1, "single")}, {policy(2, 2, "unknown")}, {policy(3, 3, "single")}}, []int64{3}},
		"the one of the status after a restart":  {passes{{policy(2, 2, "unknown", accepting(t, 1, good))}}, []int64{1}},
		"a newer one that another replica saw":   {passes{{policy(1, 1, "single")}, {policy(3, 3, "unknown", accepting(t, 2, good))}}, []int64{2}},
		"not an older one that the status holds": {passes{{policy(2, 2, "single")}, {policy(3, 3, "unknown", accepting(t, 1, good))}}, []int64{2}},
		"nothing of one that was never good":     {passes{{policy(1, 1, "unknown")}}, nil},
		"nothing where the status is bad too":    {passes{{policy(2, 2, "unknown", accepting(t, 1, bad))}}, nil},
		"nothing of one that is deleted":         {passes{{policy(1, 1, "single")}, nil}, nil},
		"nothing of one that is deleted and made again, badly": {
			passes{{policy(1, 1, "single")}, {policy(1, 1, "unknown", as("again"))}}, nil,
		},
		"the others beside a bad one": {passes{{policy(1, 1, "unknown"), policy(4, 4, "single", as("other"))}}, []int64{4}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			store := NewStore(entries)
			var got []int64
			for _, documents := range test.passes {
				got = nil
				for _, judged := range store.replace(documents) {
					if judged.accepted != nil {
						got = append(got, judged.accepted.generation)
					}
				}
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("generations (-want +got):\n%s", diff)
			}
		})
	}
}

type passes = [][]v1alpha1.RolloutPolicy

func TestTheBaselineGovernsUntilThereArePoliciesAndAfterwards(t *testing.T) {
	store := NewStore(entries)
	governing := func() string { return store.Policies().Governing(nil, nil).Name }
	if got := governing(); got != "baseline" {
		t.Errorf("%s governs at first", got)
	}
	store.replace([]v1alpha1.RolloutPolicy{policy(1, 1, "single")})
	if got := governing(); got != "shop" {
		t.Errorf("%s governs then", got)
	}
	store.replace(nil)
	if got := governing(); got != "baseline" {
		t.Errorf("%s governs in the end", got)
	}
}

func TestNamespacesAreCountedWhereAPolicyGoverns(t *testing.T) {
	store := NewStore(entries)
	store.replace([]v1alpha1.RolloutPolicy{
		policy(1, 2, "single", as("production"), func(policy *v1alpha1.RolloutPolicy) {
			policy.Spec.NamespaceSelector = &metav1.LabelSelector{MatchLabels: map[string]string{"stage": "production"}}
		}),
		policy(1, 1, "single", as("all")),
		policy(1, 0, "single", as("never")),
	})
	got := count(store.Policies(), []*corev1.Namespace{namespace("a", "production"), namespace("b", "test"), namespace("c", "production")})
	if diff := cmp.Diff(map[string]int32{"production": 2, "all": 1}, got); diff != "" {
		t.Errorf("namespaces (-want +got):\n%s", diff)
	}
}

func namespace(name, stage string) *corev1.Namespace {
	return &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: name, Labels: map[string]string{"stage": stage}}}
}

func TestOnlyOtherSpecsInForceAreAChange(t *testing.T) {
	store := NewStore(entries)
	changes := 0
	store.OnChange(func() { changes++ })
	for _, step := range []struct {
		name      string
		documents []v1alpha1.RolloutPolicy
		want      int
	}{
		{"none at all", nil, 0},
		{"a policy", []v1alpha1.RolloutPolicy{policy(1, 1, "single")}, 1},
		{"the same again", []v1alpha1.RolloutPolicy{policy(1, 1, "single")}, 1},
		{"a bad one in its place", []v1alpha1.RolloutPolicy{policy(2, 2, "unknown")}, 1},
		{"another one", []v1alpha1.RolloutPolicy{policy(3, 3, "single")}, 2},
		{"none any more", nil, 3},
	} {
		if store.replace(step.documents); changes != step.want {
			t.Errorf("%s: %d changes, want %d", step.name, changes, step.want)
		}
	}
}
