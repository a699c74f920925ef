package main

import (
	"errors"
	"net/http"
	"testing"

	"github.com/go-logr/logr/funcr"
	"github.com/google/go-cmp/cmp"
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
		if err := ready["caches"](nil); !errors.Is(err, cause) {
			t.Errorf("%v, want %v", err, cause)
		}
		if ready.passes() != (cause == nil) {
			t.Errorf("passes is %v with %v", ready.passes(), cause)
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
