package webhook

import (
	"fmt"
	"net/http"
)

// refusal is a request that gets no verdict. Its HTTP status is never 200, so that the API server
// applies the failurePolicy.
type refusal struct {
	status int
	text   string
}

func (r *refusal) Error() string { return r.text }

func refuse(status int, format string, args ...any) error {
	return &refusal{status: status, text: fmt.Sprintf(format, args...)}
}

func (r *refusal) write(w http.ResponseWriter) {
	switch r.status {
	case http.StatusMethodNotAllowed:
		w.Header().Set("Allow", http.MethodPost)
	case http.StatusTooManyRequests:
		// The API server's client tries again by itself when told so, within the webhook's timeout.
		w.Header().Set("Retry-After", "1")
	}
	http.Error(w, r.text, r.status)
}
