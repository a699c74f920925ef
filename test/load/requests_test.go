package load

import (
	"slices"
	"strings"
	"testing"
	"time"

	auditv1 "k8s.io/apiserver/pkg/apis/audit/v1"

	"greenlight.dev/greenlight/test/auditlog"
	"greenlight.dev/greenlight/test/install"
)

const webhookUser = "system:serviceaccount:" + install.Namespace + ":" + install.Webhook

// requests returns what the webhook asks of the API server for a change in the namespace that act makes. The API
// server writes the audit event of a request before the end of its answer, so all of them are there once act returns.
func (n *namespace) requests(t *testing.T, act func()) []auditv1.Event {
	t.Helper()
	before := n.audited(t)
	act()
	var requests []auditv1.Event
	for _, event := range n.audited(t)[len(before):] {
		// What it asks on its own account, such as which intents are over, names no namespace that changes. An intent
		// is created in Greenlight's own, and only for a change.
		ofChange := event.Verb == "create" || strings.Contains(event.RequestURI, n.name)
		if event.User.Username == webhookUser && ofChange {
			requests = append(requests, event)
		}
	}
	return requests
}

// audited returns all that is in the audit log.
func (n *namespace) audited(t *testing.T) []auditv1.Event {
	t.Helper()
	events, err := auditlog.Read(n.guarded.AuditLog())
	if err != nil {
		t.Fatal(err)
	}
	return events
}

// fewest returns what is asked for one of three changes that act makes: an API server whose own cache is behind has a
// change judged twice.
func (n *namespace) fewest(t *testing.T, act func()) []auditv1.Event {
	t.Helper()
	fewest := n.requests(t, act)
	for range 2 {
		if again := n.requests(t, act); len(again) < len(fewest) {
			fewest = again
		}
	}
	return fewest
}

// count says how often each kind of request was made, such as "list pods", whatever the namespace.
func count(requests []auditv1.Event) map[string]int {
	times := map[string]int{}
	for _, request := range requests {
		times[request.Verb+" "+request.ObjectRef.Resource]++
	}
	return times
}

// answering is how long the API server was answering any of the requests.
func answering(requests []auditv1.Event) time.Duration {
	byStart := slices.SortedFunc(slices.Values(requests), func(a, b auditv1.Event) int {
		return a.RequestReceivedTimestamp.Compare(b.RequestReceivedTimestamp.Time)
	})
	var total time.Duration
	var until time.Time
	for _, request := range byStart {
		start, end := request.RequestReceivedTimestamp.Time, request.StageTimestamp.Time
		if start.Before(until) {
			start = until
		}
		if end.After(start) {
			total += end.Sub(start)
			until = end
		}
	}
	return total
}
