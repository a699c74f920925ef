package differential

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"time"

	. "github.com/onsi/gomega"
	auditv1 "k8s.io/apiserver/pkg/apis/audit/v1"

	"greenlight.dev/greenlight/test/auditlog"
)

// audit is what the audit log keeps of a verdict.
type audit struct {
	// asked says that the API server asked the webhook.
	asked bool
	// failed is the annotation of a webhook that did not answer: empty where all did.
	failed            string
	findings, skipped []note
}

// note is a finding, or a rule that was skipped.
type note struct{ Rule, Mode, Path, Reason string }

// readAuditLog adds what was audited since a time to each answer.
func (a *api) readAuditLog(ctx context.Context, situations []*situation, since time.Time) {
	tried := func(s *situation) bool { return s.refused == "" }
	var events map[string]auditv1.Event
	Eventually(func(context.Context) bool {
		events = dryRuns(a.auditLog, since)
		return !slices.ContainsFunc(situations, func(s *situation) bool { return tried(s) && events[s.namespace].AuditID == "" })
	}).WithContext(ctx).Should(BeTrue())
	for _, s := range situations {
		s.webhook.audit = audited(events[s.namespace].Annotations)
	}
}

// dryRuns returns the dry runs of the audit log since a time, by their namespace.
func dryRuns(path string, since time.Time) map[string]auditv1.Event {
	logged, err := auditlog.Read(path)
	Expect(err).NotTo(HaveOccurred())
	events := map[string]auditv1.Event{}
	for _, event := range logged {
		dryRun := strings.Contains(event.RequestURI, "dryRun=All")
		if dryRun && event.Stage == auditv1.StageResponseComplete && event.RequestReceivedTimestamp.After(since) {
			events[event.ObjectRef.Namespace] = event
		}
	}
	return events
}

func audited(annotations map[string]string) audit {
	var found audit
	for key, value := range annotations {
		webhook, field, _ := strings.Cut(key, "/")
		switch {
		case strings.HasPrefix(webhook, "failed-open."):
			found.failed = key + ": " + value
		case !strings.HasSuffix(webhook, ".validate.greenlight.dev"):
		case field == "policy":
			found.asked = true
		case field == "findings":
			Expect(json.Unmarshal([]byte(value), &found.findings)).To(Succeed())
		case field == "skipped":
			Expect(json.Unmarshal([]byte(value), &found.skipped)).To(Succeed())
		}
	}
	return found
}
