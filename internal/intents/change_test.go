package intents

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	appsv1 "k8s.io/api/apps/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"greenlight.dev/greenlight/state"
)

func TestAPendingStrategyOfAStatefulSetIsShownAsMade(t *testing.T) {
	set := func(strategy appsv1.StatefulSetUpdateStrategyType) *appsv1.StatefulSet {
		return &appsv1.StatefulSet{
			TypeMeta:   metav1.TypeMeta{APIVersion: "apps/v1", Kind: "StatefulSet"},
			ObjectMeta: metav1.ObjectMeta{Namespace: "shop", Name: "db", UID: "db-uid", ResourceVersion: "7"},
			Spec:       appsv1.StatefulSetSpec{Replicas: new(int32(3)), UpdateStrategy: appsv1.StatefulSetUpdateStrategy{Type: strategy}},
		}
	}
	kept := set(appsv1.OnDeleteStatefulSetStrategyType)
	pending := []Change{Update(kept, set(appsv1.RollingUpdateStatefulSetStrategyType), "jane")}
	want := set(appsv1.RollingUpdateStatefulSetStrategyType)
	want.Generation = 1
	got := list(t, pending, state.Query{Kind: state.StatefulSet, Namespace: "shop", Name: "db", Live: true}, kept)
	if diff := cmp.Diff([]state.Object{want}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
