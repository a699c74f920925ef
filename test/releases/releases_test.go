// Package releases tests that a release which does everything right is never denied: many of them, on the
// real controllers, with two replicas of the webhook as config/ installs it.
package releases

import (
	"flag"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-logr/logr"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"sigs.k8s.io/controller-runtime/pkg/log"

	"greenlight.dev/greenlight/test/fixture"
)

var long = flag.Bool("long", false, "1,000 releases in place of a few")

func TestACorrectReleaseIsNeitherDeniedNorWarned(t *testing.T) {
	lanes, each := 10, 2
	if *long {
		lanes, each = 25, 40
	}
	log.SetLogger(logr.Discard())
	guarded, err := fixture.StartPatient(t.Context(), 3)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := guarded.Stop(); err != nil {
			t.Error(err)
		}
	})
	stop, err := guarded.Balance(t.Context(), "greenlight-webhook-2")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := stop(); err != nil {
			t.Error(err)
		}
	})
	if err := govern(t.Context(), guarded.Client); err != nil {
		t.Fatal(err)
	}
	heard := &warnings{}
	started := time.Now()
	var group sync.WaitGroup
	for number := range lanes {
		// A lane that fails does not stop the others, so that every kind of denial is seen.
		group.Go(func() { release(t, guarded, heard, number, each) })
	}
	group.Wait()
	t.Logf("%d releases in %s", lanes*each, time.Since(started).Round(time.Second))
	if texts := heard.distinct(); len(texts) > 0 {
		t.Errorf("correct releases are warned:\n%s", strings.Join(texts, "\n"))
	}
}

// release makes a lane, lets it make so many releases, and then one that is wrong.
func release(t *testing.T, guarded *fixture.Guarded, heard *warnings, number, releases int) {
	l, err := newLane(t.Context(), guarded, heard, number)
	if err != nil {
		t.Errorf("lane %d: %v", number, err)
		return
	}
	for build := 1; build <= releases; build++ {
		if err := l.release(t.Context(), build); err != nil {
			t.Errorf("lane %d, release %d: %v", number, build, err)
			return
		}
	}
	if err := l.switchTo(t.Context(), "red"); !apierrors.IsForbidden(err) {
		t.Errorf("lane %d: nobody guards it: a switch to a colour that nobody deployed is answered with: %v", number, err)
	}
}
