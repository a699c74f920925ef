package main

import (
	"errors"
	"net/http"
	"testing"

	"github.com/go-logr/logr"
	"github.com/go-logr/logr/funcr"
	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus"
	"sigs.k8s.io/controller-runtime/pkg/healthz"
)

func TestAWebhookIsReadyOnceItHasReadWhatItJudgesBy(t *testing.T) {
	for check, test := range map[string]struct {
		held, cause string
		passing     []string
	}{
		"caches":   {"replicasets", "the cache of kind ReplicaSet is not filled yet", []string{"certificates", "webhook"}},
		"policies": {"rolloutpolicies", "the RolloutPolicies are not read yet", []string{"certificates", "webhook", "caches"}},
	} {
		t.Run(check, func(t *testing.T) {
			api := newAPIServer(t, test.held)
			webhook := startWebhook(t, api)
			for _, other := range test.passing {
				webhook.answers("/readyz/"+other, http.StatusOK, "ok")
			}
			webhook.answers("/readyz/"+check, http.StatusInternalServerError, "internal server error: "+test.cause+"\n")
			webhook.isReady(false)
			api.release()
			webhook.answers("/readyz", http.StatusOK, "ok")
			webhook.isReady(true)
			webhook.answers("/livez/caches", http.StatusOK, "ok")
			webhook.webhook.Drain()
			webhook.answers("/readyz/webhook", http.StatusInternalServerError, "internal server error: shutting down\n")
			webhook.isReady(false)
		})
	}
}

func TestAWebhookEndsBeforeItsCachesAreFilled(t *testing.T) {
	webhook := startWebhook(t, newAPIServer(t, "replicasets"))
	webhook.answers("/readyz/caches", http.StatusInternalServerError, "internal server error: the cache of kind ReplicaSet is not filled yet\n")
	webhook.end()
}

func TestACheckIsLoggedWhenItChanges(t *testing.T) {
	var lines []string
	logger := funcr.New(func(_, args string) { lines = append(lines, args) }, funcr.Options{})
	var cause error
	ready := newReadiness(logger, map[string]healthz.Checker{"caches": func(*http.Request) error { return cause }})
	for _, next := range []string{"not filled yet", "still not filled", "", "", "broken"} {
		if cause = nil; next != "" {
			cause = errors.New(next)
		}
		if err := ready["caches"].check(nil); !errors.Is(err, cause) {
			t.Errorf("%v, want %v", err, cause)
		}
	}
	want := []string{
		`"level"=0 "msg"="readiness check fails" "check"="caches" "cause"="not filled yet"`,
		`"level"=0 "msg"="readiness check passes" "check"="caches"`,
		`"level"=0 "msg"="readiness check fails" "check"="caches" "cause"="broken"`,
	}
	if diff := cmp.Diff(want, lines); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestAScrapeTellsWhatTheChecksLastFound(t *testing.T) {
	broken := errors.New("broken")
	var cause error
	ready := newReadiness(logr.Discard(), map[string]healthz.Checker{
		"caches":  func(*http.Request) error { return cause },
		"webhook": func(*http.Request) error { return nil },
	})
	registry := prometheus.NewRegistry()
	registry.MustRegister(ready.metric())
	for step, test := range []struct {
		asked string
		cause error
		want  float64
	}{
		{"", nil, 0},
		{"webhook", nil, 0},
		{"caches", nil, 1},
		{"", broken, 1},
		{"caches", broken, 0},
		{"", nil, 0},
		{"caches", nil, 1},
	} {
		cause = test.cause
		if test.asked != "" {
			if err := ready[test.asked].check(nil); !errors.Is(err, cause) {
				t.Errorf("step %d: %v, want %v", step, err, cause)
			}
		}
		if got := readyMetric(t, registry); got != test.want {
			t.Errorf("step %d: got %v, want %v", step, got, test.want)
		}
	}
}
