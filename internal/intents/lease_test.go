package intents

import (
	"math"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	coordinationv1 "k8s.io/api/coordination/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

func TestALeaseTellsTheChangeItWasMadeOf(t *testing.T) {
	change := Update(service("blue", "7"), service("green", "7"), "jane")
	lease, err := newLease("greenlight-system", change, now, 90*time.Second)
	if err != nil {
		t.Fatal(err)
	}
	lease.Name, lease.CreationTimestamp = "service-x7k2p", metav1.NewTime(now)
	got, err := readLease(lease)
	if err != nil {
		t.Fatal(err)
	}
	want := intent{Change: change, lease: "service-x7k2p", at: now, lasts: 90 * time.Second}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(intent{})); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestAnIntentEndsButIsRecordedForLonger(t *testing.T) {
	read := intent{at: now, lasts: 5 * time.Minute}
	for name, c := range map[string]struct {
		after            time.Duration
		pending, expired bool
	}{
		"at once":                     {0, true, false},
		"while it may be stored":      {69 * time.Second, true, false},
		"once it cannot be stored":    {70 * time.Second, false, false},
		"while its record is kept":    {299 * time.Second, false, false},
		"once its record is not kept": {300 * time.Second, false, true},
		"on a clock that is behind":   {-3 * time.Second, true, false},
	} {
		t.Run(name, func(t *testing.T) {
			at := now.Add(c.after)
			if read.pending(at) != c.pending || read.expired(at) != c.expired {
				t.Errorf("pending %t, expired %t", read.pending(at), read.expired(at))
			}
		})
	}
}

// Whoever may write Leases may write any time into them, but the time of their creation.
func TestALeaseCountsFromItsCreationWhateverTimesItClaims(t *testing.T) {
	for name, c := range map[string]struct {
		age              time.Duration
		pending, expired bool
	}{
		"new":                            {0, true, false},
		"too old to be stored":           {70 * time.Second, false, false},
		"as old as a record may be":      {24*time.Hour - time.Second, false, false},
		"older than a record may be":     {24 * time.Hour, false, true},
		"of an API server that is ahead": {-3 * time.Second, true, false},
	} {
		t.Run(name, func(t *testing.T) {
			lease := created(t, "claims", now.Add(-c.age), Delete(deployment(3, "green", "7"), "jane"))
			far := metav1.NewMicroTime(time.Date(2099, 1, 1, 0, 0, 0, 0, time.UTC))
			lease.Spec.AcquireTime, lease.Spec.RenewTime, lease.Spec.LeaseDurationSeconds = &far, &far, new(int32(math.MaxInt32))
			read, err := readLease(lease)
			if err != nil {
				t.Fatal(err)
			}
			if read.pending(now) != c.pending || read.expired(now) != c.expired {
				t.Errorf("pending %t, expired %t", read.pending(now), read.expired(now))
			}
		})
	}
}

func TestALeaseThatDoesNotSayWhatChangesIsNotRead(t *testing.T) {
	for name, c := range map[string]struct {
		edit func(*coordinationv1.Lease)
		want string
	}{
		"no duration":             {func(l *coordinationv1.Lease) { l.Spec.LeaseDurationSeconds = nil }, "Lease odd has no spec.leaseDurationSeconds"},
		"no annotation":           {says(""), "Lease odd, annotation greenlight.dev/change: unexpected end of JSON input"},
		"no change":               {says("null"), "Lease odd, annotation greenlight.dev/change: it has neither deleted nor workload"},
		"nothing of the object":   {says(`{"group":"apps","version":"v1","kind":"Deployment"}`), "Lease odd, annotation greenlight.dev/change: it has neither deleted nor workload"},
		"a Service of a workload": {says(`{"group":"apps","version":"v1","kind":"Deployment","service":{}}`), "Lease odd, annotation greenlight.dev/change: it has neither deleted nor workload"},
		"a workload of a Service": {says(`{"version":"v1","kind":"Service","workload":{}}`), "Lease odd, annotation greenlight.dev/change: it has neither deleted nor service"},
	} {
		t.Run(name, func(t *testing.T) {
			lease := created(t, "odd", now, Delete(deployment(3, "green", "7"), "jane"))
			c.edit(lease)
			if _, err := readLease(lease); err == nil || err.Error() != c.want {
				t.Errorf("%v\nwant %s", err, c.want)
			}
		})
	}
}

// created is the Lease of a change, of which a record is kept for 5 minutes, as the API server returns it.
func created(t *testing.T, name string, at time.Time, change Change) *coordinationv1.Lease {
	t.Helper()
	lease, err := newLease("greenlight-system", change, at, 5*time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	lease.Name, lease.CreationTimestamp = name, metav1.NewTime(at)
	return lease
}

func says(change string) func(*coordinationv1.Lease) {
	return func(lease *coordinationv1.Lease) { lease.Annotations[changeAnnotation] = change }
}
