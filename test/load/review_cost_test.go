package load

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"greenlight.dev/greenlight/test/reviews"
)

// reviewCost is what a review takes of the process that answers it, and how long whoever asks waits.
type reviewCost struct{ cpu, p50, p99 time.Duration }

// reviewCosts are by the name of the server.
type reviewCosts map[string]reviewCost

// measure has every server answer the reviews of one change, in several rounds, so that other work of the machine
// meets all of them. Of the rounds the cheapest counts: in the others something had to wait.
func (s servers) measure(t *testing.T, captured reviews.Captured, connections int) reviewCosts {
	t.Helper()
	times, rounds := 40*8, 2
	if *long {
		times, rounds = 2000, 3
	}
	costs := reviewCosts{}
	for range rounds {
		for _, server := range s.list {
			cost := s.measureOne(t, server, captured, connections, times)
			if before, measured := costs[server.name]; measured {
				cost = reviewCost{min(cost.cpu, before.cpu), min(cost.p50, before.p50), min(cost.p99, before.p99)}
			}
			costs[server.name] = cost
		}
	}
	return costs
}

func (s servers) measureOne(t *testing.T, server server, captured reviews.Captured, connections, times int) reviewCost {
	t.Helper()
	process, err := s.guarded.Process(server.process)
	if err != nil {
		t.Fatal(err)
	}
	before, err := process.CPU()
	if err != nil {
		t.Fatal(err)
	}
	took, err := reviews.Repeat(t.Context(), s.trusted, server.url, server.body(captured), connections, times)
	if err != nil {
		t.Fatal(err)
	}
	after, err := process.CPU()
	if err != nil {
		t.Fatal(err)
	}
	return reviewCost{(after - before) / time.Duration(len(took)), reviews.Percentile(took, 50), reviews.Percentile(took, 99)}
}

// check holds Greenlight to the limits.
func (c reviewCosts) check(t *testing.T) {
	t.Helper()
	constant, stock := c["constant"], c["stock"]
	for _, name := range []string{"validate", "mutate"} {
		cost := c[name]
		if times := over(cost.cpu, constant.cpu); times > clearlyOverConstant || *long && times > mostOverConstant {
			t.Errorf("%s costs %.1f times what a constant answer does", name, times)
		}
		if cost.cpu > stock.cpu/2 {
			t.Errorf("%s costs %v, over half of what the stock handler does, %v", name, cost.cpu, stock.cpu)
		}
		if times := over(cost.p99, constant.p99); *long && times > mostOverConstantLate {
			t.Errorf("at the 99th percentile, %s takes %.1f times as long as a constant answer", name, times)
		}
	}
}

func over(a, b time.Duration) float64 { return float64(a) / float64(b) }

// String is a table. A second of processor time for a thousand reviews is a millisecond for one.
func (c reviewCosts) String() string {
	rows := []string{"| | CPU-s a thousand | over constant | p50 | p99 | over constant |", "| --- | --- | --- | --- | --- | --- |"}
	for _, name := range []string{"constant", "stock", "validate", "mutate"} {
		cost, constant := c[name], c["constant"]
		rows = append(rows, fmt.Sprintf("| %s | %.2f | %.1f | %.1f ms | %.1f ms | %.1f |", name,
			milliseconds(cost.cpu), over(cost.cpu, constant.cpu), milliseconds(cost.p50), milliseconds(cost.p99), over(cost.p99, constant.p99)))
	}
	return strings.Join(rows, "\n")
}
