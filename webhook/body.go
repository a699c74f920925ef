package webhook

import (
	"bytes"
	"context"
	"errors"
	"io"
	"mime"
	"net/http"
	"time"

	"golang.org/x/sync/semaphore"
)

const (
	// maxBody is the largest body that is read. An object of 1.5 MiB, etcd's limit, grows sixfold by
	// the escaping of HTML in the worst case, and an update carries two.
	maxBody = 20 << 20
	// maxMemory bounds the bodies that are held at the same time.
	maxMemory = 64 << 20
	// maxWait is how long a request waits for memory: less than the shortest timeout of a webhook, so
	// that the API server hears why.
	maxWait = time.Second
)

// memory is what bodies may take up, shared by all handlers.
type memory struct{ free *semaphore.Weighted }

func newMemory() memory {
	return memory{free: semaphore.NewWeighted(maxMemory)}
}

// read returns the body of a request. The caller calls release when it is done with it.
func (m memory) read(r *http.Request) (body []byte, release func(), err error) {
	if err := checkHeader(r); err != nil {
		return nil, nil, err
	}
	size := r.ContentLength
	if size < 0 {
		size = maxBody
	}
	if err := m.acquire(r.Context(), size); err != nil {
		return nil, nil, err
	}
	body, err = readAll(r)
	if err != nil {
		m.free.Release(size)
		return nil, nil, err
	}
	return body, func() { m.free.Release(size) }, nil
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

func (m memory) acquire(ctx context.Context, size int64) error {
	if m.free.TryAcquire(size) {
		return nil
	}
	waiting, cancel := context.WithTimeout(ctx, maxWait)
	defer cancel()
	if m.free.Acquire(waiting, size) == nil {
		return nil
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	return refuse(http.StatusTooManyRequests,
		"too many large requests at once: they would take more than %d MiB; try again in a second", maxMemory>>20)
}

func readAll(r *http.Request) ([]byte, error) {
	// One MinRead more than expected, or the buffer would grow to find the end.
	buffer := bytes.NewBuffer(make([]byte, 0, max(r.ContentLength, 0)+bytes.MinRead))
	size, err := buffer.ReadFrom(io.LimitReader(r.Body, maxBody+1))
	switch {
	case r.Context().Err() != nil:
		return nil, r.Context().Err()
	case errors.Is(err, io.ErrUnexpectedEOF):
		return nil, refuse(http.StatusBadRequest, "the body ends after %d of %d bytes", size, r.ContentLength)
	case err != nil:
		return nil, refuse(http.StatusBadRequest, "reading the body: %v", err)
	case size > maxBody:
		return nil, tooLarge()
	}
	return buffer.Bytes(), nil
}

func tooLarge() error {
	return refuse(http.StatusRequestEntityTooLarge, "the body is larger than %d MiB, the most that is read", maxBody>>20)
}
