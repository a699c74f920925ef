package load

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"greenlight.dev/greenlight/test/fixture"
	"greenlight.dev/greenlight/test/reviews"
)

// The limits at a concurrency of 8 and 25 KB: what a review may cost over the constant answer, in processor time and
// at the 99th percentile of its duration. The first is 0.4 seconds for a thousand reviews on a machine where the constant
// answer costs 0.11: how fast this one is at the moment decides neither.
const (
	mostOverConstant     = 3.6
	mostOverConstantLate = 3.0

	// clearlyOverConstant is for a machine with other work, and few reviews.
	clearlyOverConstant = 6.0
)

// sizes are of the reviews of an update, in KB, by the manifest of its Deployment.
var sizes = map[string]int{"small": 9, "large": 25}

// TestReviews measures what answering a review costs, beside a constant answer and a webhook written with
// controller-runtime's stock handler, each in a process of its own.
func TestReviews(t *testing.T) {
	guarded, _ := start(t)
	servers := serve(t, guarded)
	names, concurrencies := []string{"large"}, []int{8}
	if *long {
		names, concurrencies = []string{"small", "large"}, []int{1, 8, 64}
	}
	for _, name := range names {
		captured := capture(t, guarded, name)
		servers.checkAnswers(t, captured)
		for _, connections := range concurrencies {
			t.Run(fmt.Sprintf("%d KB, %d at once", sizes[name], connections), func(t *testing.T) {
				costs := servers.measure(t, captured, connections)
				t.Logf("\n%s", costs)
				if name == "large" && connections == 8 {
					costs.check(t)
				}
			})
		}
	}
}

// capture returns the reviews of an update of a Deployment, which are as large as the figures say.
func capture(t *testing.T, guarded *fixture.Guarded, name string) reviews.Captured {
	t.Helper()
	manifest, err := os.ReadFile(filepath.Join("testdata", name+".yaml"))
	if err != nil {
		t.Fatal(err)
	}
	namespace, err := guarded.Namespace(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	captured, err := reviews.Capture(t.Context(), guarded, namespace, manifest)
	if err != nil {
		t.Fatal(err)
	}
	want := sizes[name] * 1000
	for _, body := range [][]byte{captured.Mutate, captured.Validate} {
		if len(body) < want*9/10 || len(body) > want*11/10 {
			t.Errorf("a review of Deployment %s has %d bytes: want about %d", name, len(body), want)
		}
	}
	return captured
}
