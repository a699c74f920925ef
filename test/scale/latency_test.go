package scale

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"greenlight.dev/greenlight/test/reviews"
)

// connections ask at once.
const connections = 8

// latency is how long an answer takes: the medians of several rounds.
type latency struct{ p50, p99 time.Duration }

// comparison has the latencies of each question.
type comparison struct {
	questions    []question
	empty, large []latency
}

// compare asks both webhooks the same in turn, so that other work of the machine meets both.
func compare(t *testing.T, empty, large *side) comparison {
	t.Helper()
	times, rounds := 20*connections, 2
	if *long {
		times, rounds = 125*connections, 5
	}
	c := comparison{questions: large.questions}
	for i := range c.questions {
		var ofEmpty, ofLarge latencies
		for range rounds {
			ofEmpty.add(empty.ask(t, i, times))
			ofLarge.add(large.ask(t, i, times))
		}
		c.empty, c.large = append(c.empty, ofEmpty.median()), append(c.large, ofLarge.median())
	}
	return c
}

// ask returns how long each of many answers to the same question took.
func (s *side) ask(t *testing.T, question, times int) []time.Duration {
	t.Helper()
	q := s.questions[question]
	took, err := reviews.Repeat(t.Context(), s.webhook.Trusted(), "https://"+s.webhook.Address()+q.path, q.body(t), connections, times)
	must(t, err)
	s.answered += len(took)
	return took
}

// checkAnswers makes sure that what is measured is the whole work.
func (s *side) checkAnswers(t *testing.T) {
	t.Helper()
	client := reviews.NewClient(s.webhook.Trusted(), 1)
	defer client.CloseIdleConnections()
	for _, q := range s.questions {
		response, err := reviews.Ask(t.Context(), client, "https://"+s.webhook.Address()+q.path, q.body(t))
		must(t, err)
		if !response.Allowed {
			t.Errorf("%s: denied: %s", q.name, response.Result.Message)
		}
		if q.injects && !strings.Contains(string(response.Patch), "readinessProbe") {
			t.Errorf("%s: the patch is %q", q.name, response.Patch)
		}
	}
}

// latencies are those of several rounds.
type latencies struct{ p50, p99 []time.Duration }

func (l *latencies) add(round []time.Duration) {
	l.p50 = append(l.p50, reviews.Percentile(round, 50))
	l.p99 = append(l.p99, reviews.Percentile(round, 99))
}

func (l *latencies) median() latency {
	return latency{reviews.Percentile(l.p50, 50), reviews.Percentile(l.p99, 50)}
}

// check holds the large cluster to what the empty one takes, where it is large.
func (c comparison) check(t *testing.T) {
	t.Helper()
	if !*long {
		return
	}
	for i, q := range c.questions {
		empty, large := c.empty[i], c.large[i]
		if times := over(large.p50, empty.p50); times > mostOverEmpty {
			t.Errorf("%s: %.2f times as long as in an empty cluster", q.name, times)
		}
		if times := over(large.p99, empty.p99); times > mostOverEmpty {
			t.Errorf("%s: %.2f times as long as in an empty cluster, at the 99th percentile", q.name, times)
		}
	}
}

// String is a table.
func (c comparison) String() string {
	rows := []string{"| | empty, p50 | large | | empty, p99 | large | |", "| --- | --- | --- | --- | --- | --- | --- |"}
	for i, q := range c.questions {
		empty, large := c.empty[i], c.large[i]
		rows = append(rows, fmt.Sprintf("| %s | %.1f ms | %.1f ms | %.2f | %.1f ms | %.1f ms | %.2f |", q.name,
			milliseconds(empty.p50), milliseconds(large.p50), over(large.p50, empty.p50),
			milliseconds(empty.p99), milliseconds(large.p99), over(large.p99, empty.p99)))
	}
	return strings.Join(rows, "\n")
}

func over(a, b time.Duration) float64 { return float64(a) / float64(b) }

func milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }
