package load

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// dryRuns are the two ways to ask for a change.
var dryRuns = map[string]bool{"a switch": false, "a dry run": true}

func TestASwitch(t *testing.T) {
	guarded, admin := start(t)
	deployments, switches := 100, 20
	if *long {
		deployments, switches = 1000, 300
	}
	small, crowded := fill(t, guarded, admin, 2), fill(t, guarded, admin, deployments)

	// The counts come first: announcements of the last minute are listed in pages of 250.
	for name, dryRun := range dryRuns {
		t.Run(name+" asks the API server as often in a crowded namespace as in a small one", func(t *testing.T) {
			want := count(small.fewest(t, func() { small.switchOver(t, dryRun) }))
			got := count(crowded.fewest(t, func() { crowded.switchOver(t, dryRun) }))
			t.Logf("it asks: %v", want)
			if len(want) == 0 {
				t.Error("it has asked nothing")
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("requests in the small (-) and in the crowded namespace (+):\n%s", diff)
			}
		})
	}
	for name, dryRun := range dryRuns {
		t.Run(name+" adds little to what it asks", func(t *testing.T) {
			m := crowded.measure(t, switches, dryRun)
			t.Logf("%d Deployments, %d changes\n%s", deployments, switches, m)
			if beyond := m.beyond(); beyond > beyondLimit {
				t.Errorf("%s beyond what it asks; at most %s is allowed", beyond, beyondLimit)
			}
		})
	}
}
