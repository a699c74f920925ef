package traffic

import (
	"context"
	"flag"
	"math/rand/v2"
	"os"
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/wait"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/log"

	"greenlight.dev/greenlight/api/v1alpha1"
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
	limit = time.Hour
)

func TestNoAdmittedWriteEmptiesAService(t *testing.T) {
	t.Logf("repeat with -seed %d", *seed)
	g := start(t)
	on := run(t, g, Options{Name: "everything on", Writes: size(200, 10_000)})
	if on.Outages(ByWrite) > 0 {
		t.Errorf("an admitted write emptied a Service:\n%s", on.Tell(ByWrite))
	}
	withoutIntents(t, g)
	alone := run(t, g, Options{Name: "intents off", Writes: size(100, 2000)})
	if err := g.Unguard(t.Context()); err != nil {
		t.Fatal(err)
	}
	off := run(t, g, Options{Name: "guard off", Writes: size(100, 2000)})
	if off.Outages(ByWrite) == 0 || off.Drops() == 0 {
		t.Error("no Service ran empty without the guard: the test is blind")
	}
	if err := WriteTable(os.Stdout, []*Report{off, alone, on}); err != nil {
		t.Error(err)
	}
}

// withoutIntents lets each change be judged for itself.
func withoutIntents(t *testing.T, g *fixture.Guarded) {
	t.Helper()
	policy := &v1alpha1.RolloutPolicy{
		ObjectMeta: metav1.ObjectMeta{Name: "without-intents"},
		Spec:       v1alpha1.RolloutPolicySpec{Traffic: v1alpha1.Traffic{Intents: new(false)}},
	}
	if err := g.Client.Create(t.Context(), policy); err != nil {
		t.Fatal(err)
	}
	err := wait.PollUntilContextTimeout(t.Context(), 50*time.Millisecond, time.Minute, true, func(ctx context.Context) (bool, error) {
		err := g.Client.Get(ctx, client.ObjectKeyFromObject(policy), policy)
		return meta.IsStatusConditionTrue(policy.Status.Conditions, v1alpha1.Accepted), err
	})
	if err != nil {
		t.Fatalf("waiting until the policy is in force: %v", err)
	}
}

// start starts a cluster that asks two replicas of Greenlight.
func start(t *testing.T) *fixture.Guarded {
	t.Helper()
	log.SetLogger(log.Log.WithSink(log.NullLogSink{}))
	g, err := fixture.StartPatient(t.Context(), 3)
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
