package switching

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"greenlight.dev/greenlight/api/v1alpha1"
	"greenlight.dev/greenlight/internal/engine"
	"greenlight.dev/greenlight/rules"
	"greenlight.dev/greenlight/traffic"
)

// looked is a look at a switch with one workload.
func looked(elapsed time.Duration, available int, waiting []string, findings ...engine.Finding) Look {
	return Look{
		old:    &corev1.Service{ObjectMeta: metav1.ObjectMeta{Namespace: "shop", Name: "web"}},
		Change: "selector version 1 → 2", Elapsed: elapsed,
		Progress: []traffic.Progress{{Name: "ReplicaSet green", Available: available, Desired: 4, Waiting: waiting}},
		Verdict:  engine.Verdict{Findings: findings},
	}
}

func finding(rule string, mode v1alpha1.Mode) engine.Finding {
	return engine.Finding{Rule: rule, Mode: mode, Finding: rules.Finding{Message: "it is so."}}
}

var (
	notReady = finding("service-switch-not-ready", v1alpha1.Deny)
	failing  = []string{"green-a: failing", "green-b: \x1b[31mfailing"}
)

func shown(t *testing.T, show func(Look) error, looks ...Look) {
	t.Helper()
	for _, look := range looks {
		if err := show(look); err != nil {
			t.Fatal(err)
		}
	}
}

func TestATerminalDrawsOverWhatItDrew(t *testing.T) {
	var out strings.Builder
	terminal := &Terminal{Out: &out, Width: func() int { return 60 }}
	shown(t, terminal.Show,
		looked(1500*time.Millisecond, 2, failing, notReady),
		looked(61*time.Second, 4, nil, finding("low-capacity", v1alpha1.Warn)),
	)
	want := `Service shop/web: selector version 1 → 2  1s
  ██████████░░░░░░░░░░ ReplicaSet green 2/4 available
      green-a: failing
      green-b:  [31mfailing
` + "\x1b[4A\x1b[J" + `Service shop/web: selector version 1 → 2  1m1s
  ████████████████████ ReplicaSet green 4/4 available
  warn low-capacity: it is so.
`
	if diff := cmp.Diff(want, out.String()); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestALineNeverIsLongerThanTheTerminal(t *testing.T) {
	for width, want := range map[int]string{7: "a → bcd", 6: "a → b…", 2: "a…", 0: "a → bcd"} {
		if got := cut("a → bcd", width); got != want {
			t.Errorf("%d columns: %q, want %q", width, got, want)
		}
	}
}

func TestALogTellsWhatIsNew(t *testing.T) {
	var out strings.Builder
	shown(t, (&Log{Out: &out}).Show,
		looked(0, 2, failing, notReady),
		looked(time.Second, 2, failing, notReady),
		looked(2*time.Second, 4, nil, notReady),
	)
	want := `0s Service shop/web: selector version 1 → 2
0s ReplicaSet green 2/4 available: green-a: failing; green-b:  [31mfailing
2s ReplicaSet green 4/4 available
2s deny service-switch-not-ready: it is so.
`
	if diff := cmp.Diff(want, out.String()); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestABarIsFullOnlyWhenAllAreAvailable(t *testing.T) {
	for want, progress := range map[int]traffic.Progress{
		0: {Available: 0, Desired: 3}, 19: {Available: 99, Desired: 100}, barWidth: {Available: 3, Desired: 3},
	} {
		if got := strings.Count(bar(progress), "█"); got != want {
			t.Errorf("%d of %d: %d cells, want %d", progress.Available, progress.Desired, got, want)
		}
	}
}
