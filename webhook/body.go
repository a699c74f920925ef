package webhook

import (
	"bytes"
	"errors"
	"io"
	"mime"
	"net/http"
	"os"
	"time"

	"golang.org/x/sync/semaphore"
)

const (
	// maxBody is the largest body that is read. An object of 1.5 MiB, etcd's limit, grows sixfold by
	// the escaping of HTML in the worst case, and an update carries two.
	maxBody = 20 << 20
	// largeBody is the size above which a body is large: many times what a review has. So is one without a length.
	largeBody = 1 << 20
	// maxLarge is how many large bodies are held at the same time. They have room of their own, and keep no other
	// review waiting.
	maxLarge = 2
	// maxOthers bounds all other bodies that are held at the same time.
	maxOthers = 24 << 20
	// chunk is how much is read, and charged, at a time: most bodies are one.
	chunk = 64 << 10
	// maxArrival is how long a body may take to arrive.
	maxArrival = 5 * time.Second
	// maxWait is how long a request waits for memory in all: less than the shortest timeout of a webhook, so
	// that the API server hears why.
	maxWait = time.Second
)

// memory is what bodies may take up, shared by all handlers.
type memory struct {
	// large counts bodies, and others bytes.
	large, others *semaphore.Weighted
	// arrival is how long a body may take to arrive.
	arrival time.Duration
}

func newMemory() memory {
	return memory{large: semaphore.NewWeighted(maxLarge), others: semaphore.NewWeighted(maxOthers), arrival: maxArrival}
}

// read returns the body of a request. The caller calls release when it is done with it. Memory is
// charged as the bytes arrive, unless they are many: a client that only announces them takes nothing from reviews.
func (m memory) read(w http.ResponseWriter, r *http.Request) (body []byte, release func(), err error) {
	if err := setReadDeadline(w, time.Now().Add(m.arrival)); err != nil {
		return nil, nil, err
	}
	if err := checkHeader(r); err != nil {
		return nil, nil, err
	}
	taken := &share{memory: m, until: time.Now().Add(maxWait), isLarge: r.ContentLength < 0 || r.ContentLength > largeBody}
	defer func() {
		if release == nil {
			taken.release()
		}
	}()
	buffer := bytes.NewBuffer(make([]byte, 0, min(max(r.ContentLength, 0), chunk)+bytes.MinRead))
	for {
		if err := taken.grow(r.Context()); err != nil {
			return nil, nil, err
		}
		read, err := buffer.ReadFrom(io.LimitReader(r.Body, chunk))
		switch {
		case err != nil:
			return nil, nil, m.arrivalError(r, buffer.Len(), err)
		case buffer.Len() > maxBody:
			return nil, nil, tooLarge()
		case read < chunk:
			// Without a deadline again, or the server would take a slow answer for a client that is gone.
			if err := setReadDeadline(w, time.Time{}); err != nil {
				return nil, nil, err
			}
			return buffer.Bytes(), taken.release, nil
		}
	}
}

func setReadDeadline(w http.ResponseWriter, deadline time.Time) error {
	return supported(http.NewResponseController(w).SetReadDeadline(deadline))
}

func (m memory) arrivalError(r *http.Request, size int, err error) error {
	switch {
	// The deadline withdraws the request as well, so it is looked at first.
	case errors.Is(err, os.ErrDeadlineExceeded):
		return refuse(http.StatusRequestTimeout, "only %d bytes of the body arrived in %s", size, m.arrival)
	case r.Context().Err() != nil:
		return r.Context().Err()
	case errors.Is(err, io.ErrUnexpectedEOF):
		return refuse(http.StatusBadRequest, "the body ends after %d of %d bytes", size, r.ContentLength)
	}
	return refuse(http.StatusBadRequest, "reading the body: %v", err)
}

func checkHeader(r *http.Request) error {
	if r.Method != http.MethodPost {
		return refuse(http.StatusMethodNotAllowed, "method %s: an AdmissionReview is sent by POST", r.Method)
	}
	contentType := r.Header.Get("Content-Type")
	if mediaType, _, err := mime.ParseMediaType(contentType); err != nil || mediaType != "application/json" {
		return refuse(http.StatusUnsupportedMediaType, "the content type is %q: want application/json", contentType)
	}
	if r.ContentLength > maxBody {
		return tooLarge()
	}
	return nil
}

func tooLarge() error {
	return refuse(http.StatusRequestEntityTooLarge, "the body is larger than %d MiB, the most that is read", maxBody>>20)
}
