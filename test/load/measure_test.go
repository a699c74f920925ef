package load

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"greenlight.dev/greenlight/test/reviews"
)

// beyondLimit is what Greenlight may add to the requests that it makes.
const beyondLimit = 100 * time.Millisecond

// durations are how long each of many changes took.
type durations struct {
	// whole is what their author waits for.
	whole []time.Duration
	// rest is the whole less the time in which the API server was answering what was asked for the change.
	rest []time.Duration
}

// measurement compares switches with their floor: changes of the same Service that Greenlight is not asked
// about, and what it asks for a switch, asked by a bare client.
type measurement struct{ guarded, floor durations }

// measure switches there and back, each time after its floor. Before both there was a write, or before neither:
// after one, the API server waits until its caches have caught up.
func (n *namespace) measure(t *testing.T, switches int, dryRun bool) measurement {
	t.Helper()
	floor := n.newFloor(t, n.requests(t, func() { n.switchOver(t, dryRun) }))
	var m measurement
	for range switches {
		n.take(t, &m.floor, func() {
			floor.ask(t)
			n.annotate(t, dryRun)
		})
		n.take(t, &m.guarded, func() { n.switchOver(t, dryRun) })
	}
	return m
}

// take adds how long a change takes.
func (n *namespace) take(t *testing.T, d *durations, change func()) {
	t.Helper()
	var whole time.Duration
	requests := n.requests(t, func() {
		start := time.Now()
		change()
		whole = time.Since(start)
	})
	d.whole = append(d.whole, whole)
	d.rest = append(d.rest, whole-answering(requests))
}

// beyond is what Greenlight adds to what it asks: at the 99th percentile, or at the median where there are too
// few switches for that.
func (m measurement) beyond() time.Duration {
	percent := 50
	if *long {
		percent = 99
	}
	return reviews.Percentile(m.guarded.rest, percent) - reviews.Percentile(m.floor.rest, percent)
}

// String is a table.
func (m measurement) String() string {
	rows := []string{"| | p50 | p99 |", "| --- | --- | --- |"}
	for _, row := range []struct {
		name      string
		durations []time.Duration
	}{
		{"guarded", m.guarded.whole},
		{"floor", m.floor.whole},
		{"guarded, less what the API server answers", m.guarded.rest},
		{"floor, less what the API server answers", m.floor.rest},
	} {
		rows = append(rows, fmt.Sprintf("| %s | %.1f ms | %.1f ms |", row.name,
			milliseconds(reviews.Percentile(row.durations, 50)), milliseconds(reviews.Percentile(row.durations, 99))))
	}
	return strings.Join(rows, "\n")
}

func milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }
