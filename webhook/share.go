package webhook

import (
	"context"
	"net/http"

	"golang.org/x/sync/semaphore"
)

// share is what one body takes of the memory.
type share struct {
	memory
	// held is in bytes, of what large bodies do not share.
	held int64
	// isLarge says that it has one of the places for large bodies.
	isLarge bool
}

// grow makes room for one more chunk. A body that turns out to be large takes a place among the large ones, and gives
// back what it had.
func (s *share) grow(ctx context.Context) error {
	switch {
	case s.isLarge:
		return nil
	case s.held < largeBody:
		if err := acquire(ctx, s.others, chunk); err != nil {
			return err
		}
		s.held += chunk
		return nil
	}
	if err := acquire(ctx, s.large, 1); err != nil {
		return err
	}
	s.isLarge = true
	s.others.Release(s.held)
	s.held = 0
	return nil
}

func (s *share) release() {
	s.others.Release(s.held)
	if s.isLarge {
		s.large.Release(1)
	}
}

// acquire waits for maxWait at most.
func acquire(ctx context.Context, free *semaphore.Weighted, size int64) error {
	if free.TryAcquire(size) {
		return nil
	}
	waiting, cancel := context.WithTimeout(ctx, maxWait)
	defer cancel()
	if free.Acquire(waiting, size) == nil {
		return nil
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	return refuse(http.StatusTooManyRequests,
		"too many requests at once: more than %d with a body above %d MiB, or %d MiB of others; try again in a second",
		maxLarge, largeBody>>20, maxOthers>>20)
}
