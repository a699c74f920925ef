package webhook

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httptrace"
	"testing"

	"greenlight.dev/greenlight/api/v1alpha1"
	"greenlight.dev/greenlight/rules"
)

func TestDrainingSendsTheClientAwayWithItsAnswer(t *testing.T) {
	for name, http2 := range map[string]bool{"HTTP/1.1": false, "HTTP/2.0": true} {
		t.Run(name, func(t *testing.T) {
			webhook, _ := guard()
			server := httptest.NewUnstartedServer(webhook.drain.wrap(webhook.Validator()))
			server.EnableHTTP2 = http2
			server.StartTLS()
			defer server.Close()
			call(t, server, name)
			if !call(t, server, name) {
				t.Error("before draining, the connection is not kept alive")
			}
			webhook.Drain()
			for range 100 {
				if !call(t, server, name) {
					return
				}
			}
			t.Error("while draining, the connection is kept alive")
		})
	}
}

// call posts a review and says whether that took a connection that was open.
func call(t *testing.T, server *httptest.Server, protocol string) (reused bool) {
	t.Helper()
	trace := &httptrace.ClientTrace{GotConn: func(info httptrace.GotConnInfo) { reused = info.Reused }}
	ctx := httptrace.WithClientTrace(t.Context(), trace)
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, server.URL, request(reviewWith(t, nil)).Body)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	answer, err := server.Client().Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if _, err := io.Copy(io.Discard, answer.Body); err != nil {
		t.Fatal(err)
	}
	if answer.StatusCode != http.StatusOK || answer.Proto != protocol {
		t.Errorf("got %s %s, want %s 200", answer.Proto, answer.Status, protocol)
	}
	return reused
}

func TestStoppedServerStillAnswersWhatItTookWhileDraining(t *testing.T) {
	webhook, _ := guard(rule("asks", v1alpha1.Deny, func(ctx context.Context, _ *rules.Pass) error { return ctx.Err() }))
	stopped, stop := context.WithCancel(t.Context())
	stop()
	webhook.Drain()
	answer := send(webhook.drain.wrap(webhook.Validator()), request(reviewWith(t, nil)).WithContext(stopped))
	if answer.Code != http.StatusOK {
		t.Errorf("got %d %s, want 200", answer.Code, answer.Body)
	}
}

func TestDrainingWebhookIsNotReady(t *testing.T) {
	webhook, _ := guard()
	if err := webhook.Ready(nil); err != nil {
		t.Errorf("before draining: %v", err)
	}
	webhook.Drain()
	if err := webhook.Ready(nil); err == nil {
		t.Error("ready while draining")
	}
}
