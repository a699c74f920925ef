package webhook

import (
	"context"
	"errors"
	"net/http"
	"sync/atomic"
	"time"
)

// maxTimeout is the longest that the API server waits for any of the webhooks.
const maxTimeout = 10 * time.Second

// drain sends the API server away without losing a request: it takes a while until the end of a pod
// is known everywhere, and connections are kept alive.
type drain struct{ started atomic.Bool }

// Drain makes Ready fail, while requests are still answered. The server may be stopped once the API
// server has had the time to go elsewhere.
func (w *Webhook) Drain() { w.drain.started.Store(true) }

// Ready is a readiness check: it fails once Drain was called.
func (w *Webhook) Ready(*http.Request) error {
	if w.drain.started.Load() {
		return errors.New("shutting down")
	}
	return nil
}

func (d *drain) wrap(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !d.started.Load() {
			next.ServeHTTP(w, r)
			return
		}
		// With HTTP/2, which the API server speaks to its own machine alone, net/http turns this header into a GOAWAY.
		w.Header().Set("Connection", "close")
		// Stopping the server cancels the context of its requests, and yet waits for their answers.
		ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), maxTimeout)
		defer cancel()
		next.ServeHTTP(w, r.WithContext(ctx))
	})
}
