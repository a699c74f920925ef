package webhook

import (
	"errors"
	"fmt"
	"io"
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

// writeEarly writes the refusal of a request whose body is still arriving, and reads on until the client has it and
// hangs up, or until the body's deadline: a connection that is closed while the client sends is reset, and the answer
// may be lost with it (RFC 9112, section 9.6).
func (r *refusal) writeEarly(w http.ResponseWriter, request *http.Request) error {
	controller := http.NewResponseController(w)
	// Otherwise the server waits for the rest of the body, or for 256 KiB of it, before it answers.
	if err := supported(controller.EnableFullDuplex()); err != nil {
		return err
	}
	w.Header().Set("Connection", "close")
	r.write(w)
	if err := supported(controller.Flush()); err != nil {
		return err
	}
	_, err := io.Copy(io.Discard, request.Body)
	return err
}

// supported passes over what a connection would do where there is none, as in a test.
func supported(err error) error {
	if errors.Is(err, http.ErrNotSupported) {
		return nil
	}
	return err
}
