package traffic

import (
	"flag"
	"math/rand/v2"
	"os"
	"testing"
	"time"

	"greenlight.dev/greenlight/test/fixture"
)

var (
	long   = flag.Bool("long", false, "run as long as the figures of docs/traffic-guard.md take")
	seed   = flag.Uint64("seed", rand.Uint64N(1_000_000), "what the workers set out to do")
	writes = flag.Int("writes", 0, "how many admitted writes end each run")
)

const (
	workers = 8
	// limit is for one run on a machine of 2 cores.
	limit = 40 * time.Minute
)

func TestNoAdmittedWriteEmptiesAService(t *testing.T) {
	t.Logf("repeat with -seed %d", *seed)
	g := start(t)
	var reports []*Report
	t.Run("guard on", func(t *testing.T) {
		report := run(t, g, Options{Name: "guard on, intents off", Writes: size(300, 2000)})
		reports = append(reports, report)
		t.Log(report.Tell(ByWrite))
		if report.Denied == 0 {
			t.Error("nothing was denied: Greenlight was not asked")
		}
	})
	t.Run("guard off", func(t *testing.T) {
		if err := g.Unguard(t.Context()); err != nil {
			t.Fatal(err)
		}
		report := run(t, g, Options{Name: "guard off", Writes: size(100, 2000)})
		reports = append(reports, report)
		if report.Outages(ByWrite) == 0 || report.Drops() == 0 {
			t.Error("no Service ran empty: the test is blind")
		}
	})
	if err := WriteTable(os.Stdout, reports); err != nil {
		t.Error(err)
	}
}

// start starts a cluster that asks two replicas of Greenlight.
func start(t *testing.T) *fixture.Guarded {
	t.Helper()
	g, err := fixture.Start(t.Context(), 3)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := g.Stop(); err != nil {
			t.Error(err)
		}
	})
	stop, err := g.Balance(t.Context(), "greenlight-webhook-2")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := stop(); err != nil {
			t.Error(err)
		}
	})
	return g
}

func run(t *testing.T, g *fixture.Guarded, o Options) *Report {
	t.Helper()
	o.Seed, o.Workers, o.Limit = *seed, workers, limit
	report, err := Run(t.Context(), g.Config(), o)
	if err != nil {
		t.Fatal(err)
	}
	if report.Outages(ByLag) > 0 {
		t.Error(report.Tell(ByLag))
	}
	return report
}

func size(short, whole int) int {
	switch {
	case *writes > 0:
		return *writes
	case *long:
		return whole
	}
	return short
}
