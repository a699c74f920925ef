package intents

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	coordinationv1 "k8s.io/api/coordination/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/client/fake"
)

// unreadable is a Lease that may be of a newer release.
func unreadable(t *testing.T, age time.Duration) *coordinationv1.Lease {
	lease := created(t, "unreadable", now.Add(-age), Delete(deployment(3, "green", "7"), "jane"))
	says("{}")(lease)
	return lease
}

func bookOf(leases ...client.Object) *Book {
	api := fake.NewClientBuilder().WithObjects(leases...).Build()
	book := NewBook(api, api, "greenlight-system")
	book.now = func() time.Time { return now }
	return book
}

func TestALeaseThatCannotBeReadFailsAReadingWhileItMayBeAPendingChange(t *testing.T) {
	book := bookOf(unreadable(t, 69*time.Second))
	_, err := book.read(t.Context(), "shop")
	want := "Lease unreadable, annotation greenlight.dev/change: it has neither deleted nor workload"
	if err == nil || err.Error() != want {
		t.Errorf("%v: want %s", err, want)
	}
	if _, err := book.read(t.Context(), "other"); err != nil {
		t.Errorf("it fails in another namespace: %v", err)
	}
}

func TestALeaseThatCannotBeReadIsNotReadForLonger(t *testing.T) {
	change := Delete(deployment(3, "green", "7"), "jane")
	book := bookOf(unreadable(t, 70*time.Second), created(t, "deployment-x7k2p", now.Add(-70*time.Second), change))
	got, err := book.read(t.Context(), "shop")
	if err != nil {
		t.Fatal(err)
	}
	want := []intent{{Change: change, lease: "deployment-x7k2p", at: now.Add(-70 * time.Second), lasts: 5 * time.Minute}}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(intent{})); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestASweepRemovesWhatIsOver(t *testing.T) {
	change := Delete(deployment(3, "green", "7"), "jane")
	for name, c := range map[string]struct {
		lease *coordinationv1.Lease
		left  bool
		want  string
	}{
		"a record that is kept":         {created(t, "record", now.Add(-299*time.Second), change), true, ""},
		"a record that is over":         {created(t, "record", now.Add(-300*time.Second), change), false, ""},
		"what another release may read": {unreadable(t, 69*time.Second), true, ""},
		"what nobody can read": {unreadable(t, 70*time.Second), false,
			"removing an intent that cannot be read: Lease unreadable, annotation greenlight.dev/change: it has neither deleted nor workload"},
	} {
		t.Run(name, func(t *testing.T) {
			book := bookOf(c.lease)
			said := ""
			if err := book.sweep(t.Context()); err != nil {
				said = err.Error()
			}
			if said != c.want {
				t.Errorf("it says %q: want %q", said, c.want)
			}
			err := book.reader.Get(t.Context(), client.ObjectKeyFromObject(c.lease), &coordinationv1.Lease{})
			if client.IgnoreNotFound(err) != nil || (err == nil) != c.left {
				t.Errorf("reading it: %v", err)
			}
		})
	}
}
