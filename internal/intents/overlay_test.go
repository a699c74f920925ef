package intents

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"

	"greenlight.dev/greenlight/internal/cluster"
	"greenlight.dev/greenlight/state"
	"greenlight.dev/greenlight/traffic"
)

var now = time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC)

func service(color, version string) *corev1.Service {
	return &corev1.Service{
		TypeMeta:   metav1.TypeMeta{APIVersion: "v1", Kind: "Service"},
		ObjectMeta: metav1.ObjectMeta{Namespace: "shop", Name: "web", UID: "web-uid", ResourceVersion: version},
		Spec:       corev1.ServiceSpec{Selector: map[string]string{"color": color}},
	}
}

func deployment(replicas int32, color, version string) *appsv1.Deployment {
	return &appsv1.Deployment{
		TypeMeta:   metav1.TypeMeta{APIVersion: "apps/v1", Kind: "Deployment"},
		ObjectMeta: metav1.ObjectMeta{Namespace: "shop", Name: "green", UID: "green-uid", ResourceVersion: version, Generation: 4},
		Spec: appsv1.DeploymentSpec{
			Replicas: &replicas,
			Template: corev1.PodTemplateSpec{ObjectMeta: metav1.ObjectMeta{Labels: map[string]string{"color": color}}},
		},
	}
}

func TestAPendingChangeOfAWorkloadIsShownAsMade(t *testing.T) {
	for name, c := range map[string]struct {
		pending []Change
		want    func(*appsv1.Deployment)
	}{
		"scaled to 0": {
			[]Change{Update(deployment(3, "green", "7"), deployment(0, "green", "7"), "jane")},
			func(d *appsv1.Deployment) { d.Spec.Replicas, d.Generation = new(int32(0)), 5 },
		},
		"relabelled": {
			[]Change{Update(deployment(3, "green", "7"), deployment(3, "teal", "7"), "jane")},
			func(d *appsv1.Deployment) { d.Spec.Template.Labels["color"], d.Generation = "teal", 5 },
		},
		"scaled to 0 by one and relabelled by another": {
			[]Change{
				Update(deployment(3, "green", "7"), deployment(0, "green", "7"), "jane"),
				Update(deployment(3, "green", "7"), deployment(3, "teal", "7"), "joe"),
			},
			func(d *appsv1.Deployment) {
				d.Spec.Replicas, d.Spec.Template.Labels["color"], d.Generation = new(int32(0)), "teal", 6
			},
		},
		"changed at a version that it has no more": {
			[]Change{Update(deployment(3, "green", "6"), deployment(0, "green", "6"), "jane")},
			func(*appsv1.Deployment) {},
		},
		"of another that had its name": {
			[]Change{func() Change {
				other := Update(deployment(3, "green", "7"), deployment(0, "green", "7"), "jane")
				other.UID = "other-uid"
				return other
			}()},
			func(*appsv1.Deployment) {},
		},
	} {
		t.Run(name, func(t *testing.T) {
			want := deployment(3, "green", "7")
			c.want(want)
			got := list(t, c.pending, state.Query{Kind: state.Deployment, Namespace: "shop", Name: "green", Live: true}, deployment(3, "green", "7"))
			if diff := cmp.Diff([]state.Object{want}, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestAPendingDeletionIsShownAsBegun(t *testing.T) {
	live := deployment(3, "green", "7")
	got := list(t, []Change{Delete(live, "jane")}, state.Query{Kind: state.Deployment, Namespace: "shop", Name: "green", Live: true}, live)
	if len(got) != 1 || got[0].GetDeletionTimestamp() == nil {
		t.Errorf("got %v", got)
	}
	if live.DeletionTimestamp != nil {
		t.Error("what was read is changed")
	}
}

func TestAPendingSwitchIsShownBesideWhatTheServiceSelectsNow(t *testing.T) {
	pending := []Change{Update(service("blue", "7"), service("green", "7"), "jane")}
	for name, c := range map[string]struct {
		query state.Query
		live  *corev1.Service
		want  []string
	}{
		"listed":                             {state.Query{}, service("blue", "7"), []string{"blue", "green"}},
		"by its name":                        {state.Query{Name: "web"}, service("blue", "7"), []string{"blue", "green"}},
		"by another name":                    {state.Query{Name: "api"}, service("blue", "7"), nil},
		"by the labels that it will select":  {state.Query{Selecting: labels.Set{"color": "green"}}, service("blue", "7"), []string{"green"}},
		"by the labels that it selects":      {state.Query{Selecting: labels.Set{"color": "blue"}}, service("blue", "7"), []string{"blue"}},
		"once it was made":                   {state.Query{}, service("green", "8"), []string{"green"}},
		"once another change has overtaken":  {state.Query{}, service("blue", "8"), []string{"blue"}},
		"in another namespace than the read": {state.Query{Namespace: "other"}, service("blue", "7"), nil},
	} {
		t.Run(name, func(t *testing.T) {
			c.query.Kind, c.query.Live = state.Service, true
			if c.query.Namespace == "" {
				c.query.Namespace = "shop"
			}
			var got []string
			for _, found := range list(t, pending, c.query, c.live) {
				got = append(got, found.(*corev1.Service).Spec.Selector["color"])
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestWhatIsNotReadLiveIsShownAsItIs(t *testing.T) {
	pending := []Change{Delete(deployment(3, "green", "7"), "jane")}
	got := list(t, pending, state.Query{Kind: state.Deployment, Namespace: "shop"}, deployment(3, "green", "7"))
	if diff := cmp.Diff([]state.Object{deployment(3, "green", "7")}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestOnlyWhatWasCountedIsTold(t *testing.T) {
	reader := overlayOf([]Change{
		Delete(deployment(3, "green", "7"), "jane"),
		Update(service("blue", "6"), service("green", "6"), "joe"),
	}, deployment(3, "green", "7"), service("blue", "7"))
	for _, kind := range []state.Query{{Kind: state.Deployment}, {Kind: state.Service}} {
		kind.Namespace, kind.Live = "shop", true
		if _, err := reader.List(t.Context(), kind); err != nil {
			t.Fatal(err)
		}
	}
	want := []string{"the deletion of Deployment shop/green by jane, 2s ago"}
	if diff := cmp.Diff(want, reader.counted(now)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func list(t *testing.T, pending []Change, query state.Query, live ...state.Object) []state.Object {
	t.Helper()
	listing, err := overlayOf(pending, live...).List(t.Context(), query)
	if err != nil {
		t.Fatal(err)
	}
	return listing.Items
}

func overlayOf(pending []Change, live ...state.Object) *overlay {
	var intents []intent
	for _, change := range pending {
		intents = append(intents, intent{Change: change, lease: change.String(), at: now.Add(-2 * time.Second)})
	}
	return newOverlay(cluster.NewManifests(live, true), intents)
}

func TestRecentSwitchesAreTold(t *testing.T) {
	intents := []intent{
		{Change: Update(service("blue", "7"), service("green", "7"), "jane"), at: now},
		{Change: Delete(deployment(3, "green", "7"), "jane"), at: now},
	}
	want := []traffic.PastSwitch{{
		Service: "web-uid", Before: map[string]string{"color": "blue"}, After: map[string]string{"color": "green"}, At: now,
	}}
	if diff := cmp.Diff(want, switches(intents)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
