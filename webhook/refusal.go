package webhook

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"time"
)

// maxLinger is how long a client that is refused may go on sending, until it has read why.
const maxLinger = 5 * time.Second

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

func (r *refusal) write(w http.ResponseWriter) error {
	switch r.status {
	case http.StatusMethodNotAllowed:
		w.Header().Set("Allow", http.MethodPost)
	case http.StatusTooManyRequests:
		// The API server's client tries again by itself when told so, within the webhook's timeout.
		w.Header().Set("Retry-After", "1")
	}
	text := r.text + "\n"
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	// With its length the answer is whole before the connection ends, which is more than http.Error promises.
	w.Header().Set("Content-Length", strconv.Itoa(len(text)))
	w.WriteHeader(r.status)
	_, err := io.WriteString(w, text)
	return err
}

// serverReads is how much of a body that is left the server reads by itself before it sends the answer, and then keeps
// the connection: maxPostHandlerReadBytes of net/http.
const serverReads = 256 << 10

// writeEarly writes the refusal of a request whose body is still arriving, and reads on until the client has it and
// hangs up, for maxLinger at most: a connection that is closed while the client sends is reset, and the answer may be
// lost with it (RFC 9112, section 9.6). Neither a body that is small needs that, nor a stream of HTTP/2.
func (r *refusal) writeEarly(w http.ResponseWriter, request *http.Request) error {
	if request.ProtoMajor > 1 || 0 <= request.ContentLength && request.ContentLength < serverReads {
		return r.write(w)
	}
	controller := http.NewResponseController(w)
	// Only then may a handler read on after it has answered.
	if err := supported(controller.EnableFullDuplex()); err != nil {
		return err
	}
	w.Header().Set("Connection", "close")
	if err := errors.Join(r.write(w), supported(controller.Flush()), setReadDeadline(w, time.Now().Add(maxLinger))); err != nil {
		return err
	}
	// It ends with an error where the client has read the answer, and sends no more.
	_, _ = io.Copy(io.Discard, request.Body)
	return nil
}

// supported passes over what a connection would do where there is none, as in a test.
func supported(err error) error {
	if errors.Is(err, http.ErrNotSupported) {
		return nil
	}
	return err
}
