package traffic

import (
	"slices"
	"time"
)

const (
	// settle is how long ago a pod may have failed that controllers still count as ready.
	settle = time.Second
	// settleLate is the same of a controller that has not told of it in its status, as on a machine that stalls.
	settleLate = 10 * time.Second
)

// Cause is why a Service ran empty.
type Cause string

const (
	// ByWrite is what must not be: had the write been denied, a pod would still serve.
	ByWrite Cause = "an admitted write"
	// ByFailure says that the last pod failed by itself, or another did after the write was judged, without which
	// it would still serve.
	ByFailure Cause = "pods that failed by themselves"
	// ByRevival says that when the write was judged, nothing served the Service, so nothing could be lost. A pod
	// became ready only then, and was taken as asked.
	ByRevival Cause = "pods that were to go and became ready first"
	// ByLag says that the EndpointSlices showed no ready endpoint while pods served all the time. The endpoints
	// controller saw the Service and its pods at different times, or the replay is wrong.
	ByLag Cause = "EndpointSlices that do not say what the pods do"
)

// outage is a Service that had ready endpoints and dropped to none.
type outage struct {
	service string
	at      time.Time
	version uint64
	cause   Cause
	// left are the last pods that ceased to serve it.
	left []departure
	// writes are the last that were admitted in the namespace of the Service.
	writes []write
	// steps are the last changes of workloads there.
	steps []change
}

// verdict is what a replay finds.
type verdict struct {
	outages []outage
	// drops is how often the EndpointSlices of a Service dropped to no ready endpoint.
	drops int
}

func (v verdict) count(of Cause) int {
	count := 0
	for _, o := range v.outages {
		if o.cause == of {
			count++
		}
	}
	return count
}

func (r *replay) report(s *served, why Cause, c change) {
	r.verdict.outages = append(r.verdict.outages, outage{
		service: s.key.String(), at: c.at, version: c.version,
		cause: why, left: s.left, writes: r.lastWrites(s.key.Namespace, c.at), steps: slices.Clone(r.steps[s.key.Namespace]),
	})
}

// cause judges the departures that left nothing.
//
// An admitted write is the cause if a pod that it took was the last to serve, unless one of two things
// happened that admission cannot know of. Another pod failed after the write was requested, and would
// serve otherwise: the Service selects it, and its controller wants it. Or nothing served the Service when
// the write was requested. A failure that was there before excuses no write: it is to be seen.
func (r *replay) cause(s *served, left []departure) Cause {
	for _, d := range left {
		if d.how == failed {
			continue
		}
		switch {
		case d.culprit == nil:
			return ByWrite
		case s.since.After(d.culprit.requested):
			return ByRevival
		case r.failedBy(s, d.culprit.requested):
			return ByFailure
		}
		return ByWrite
	}
	return ByFailure
}

// failedBy reports whether a pod failed by itself that would still serve, and that controllers may have counted as
// ready when a write was requested.
func (r *replay) failedBy(s *served, requested time.Time) bool {
	for uid, f := range r.failures {
		p, there := r.pods[s.key.Namespace][uid]
		controller := r.workloads[f.pod.controller]
		wanted := controller.wanted > 0 && !controller.deleting || f.pod.controller == ""
		kept := there && !p.deleting || r.history.deleted[uid]
		if f.pod.key.Namespace == s.key.Namespace && wanted && kept && s.selects(f.pod) && f.countsAt(requested) {
			return true
		}
	}
	return false
}

// countsAt reports whether controllers may have counted the pod as ready then.
func (f failure) countsAt(then time.Time) bool {
	settled := then.Add(-settle)
	untold := f.pod.controller != "" && (f.told.IsZero() || !f.told.Before(settled))
	return !f.at.Before(settled) || untold && !f.at.Before(then.Add(-settleLate))
}

// told is how many departures, writes and changes of workloads are told of an outage.
const told = 20

// tail returns the last ones, and lets go of the others.
func tail[T any](all []T) []T { return slices.Clone(all[max(0, len(all)-told):]) }

func (r *replay) lastWrites(namespace string, until time.Time) []write {
	var last []write
	for _, w := range r.writes {
		if w.requested.After(until) {
			break
		}
		if w.namespace == namespace {
			last = append(last, w)
		}
	}
	return tail(last)
}
