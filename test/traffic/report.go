package traffic

import (
	"fmt"
	"strings"
	"time"
)

// Report is what became of the Services in one run.
type Report struct {
	Options Options
	Took    time.Duration
	// Attempted counts the requests of the workers, Denied and Admitted what became of them. Of the
	// others, the object was not there, or was as asked already.
	Attempted, Admitted, Denied int
	verdict                     verdict
}

func newReport(o Options, h *history, took time.Duration) *Report {
	return &Report{
		Options: o, Took: took, Attempted: len(h.writes),
		Admitted: h.effective(), Denied: h.count(denied), verdict: judge(h),
	}
}

// Outages is how often a Service that had ready endpoints dropped to none because of that.
func (r *Report) Outages(of Cause) int { return r.verdict.count(of) }

// Drops is how often the EndpointSlices of a Service showed that, whatever the cause.
func (r *Report) Drops() int { return r.verdict.drops }

// Tell tells of each outage with that cause what led to it.
func (r *Report) Tell(of Cause) string {
	var text strings.Builder
	for _, o := range r.verdict.outages {
		if o.cause == of {
			text.WriteString(o.String())
		}
	}
	return text.String()
}

// String tells of an outage what came before it, the newest last.
func (o outage) String() string {
	var text strings.Builder
	fmt.Fprintf(&text, "Service %s has no ready endpoint since %s (version %d) because of %s\n", o.service, clock(o.at), o.version, o.cause)
	for _, d := range o.left {
		fmt.Fprintf(&text, "  %s pod %s left: %s\n", clock(d.at), d.pod.key.Name, d.how)
		if d.culprit != nil {
			fmt.Fprintf(&text, "    by %s\n", d.culprit)
		}
	}
	for i := range o.writes {
		fmt.Fprintf(&text, "  %s\n", &o.writes[i])
	}
	for _, c := range o.steps {
		w := c.object.(workload)
		fmt.Fprintf(&text, "  %s %s: %d wanted, %d available (version %d)\n", clock(c.at), w.key.Name, w.wanted, w.available, c.version)
	}
	return text.String()
}

func (w *write) String() string {
	return fmt.Sprintf("%s to %s  worker %d: %s (version %d)", clock(w.requested), clock(w.answered), w.worker, w.does, w.version)
}

func clock(t time.Time) string { return t.Format("15:04:05.000") }
