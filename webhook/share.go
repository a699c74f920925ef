package webhook

import (
	"cmp"
	"context"
	"net/http"
	"time"

	"golang.org/x/sync/semaphore"
)

// What a request is told that found no room in time.
var (
	othersTakeAll = tooMany("their bodies would take more than %d MiB", maxOthers>>20)
	largeTakeAll  = tooMany("%d others have bodies above %d MiB", maxLarge, largeBody>>20)
)

func tooMany(format string, args ...any) error {
	return refuse(http.StatusTooManyRequests, "too many requests at once: "+format+"; try again in a second", args...)
}

// share is what one body takes of the memory. A large one takes one of the places for these, whatever its size; any
// other takes bytes, as they arrive.
type share struct {
	memory memory
	// until is how long it waits for room.
	until   time.Time
	isLarge bool
	// taken counts the place of a large body, or bytes.
	taken int64
}

// grow makes room for one more chunk.
func (s *share) grow(ctx context.Context) error {
	switch {
	case !s.isLarge:
		return s.take(ctx, s.memory.others, chunk, othersTakeAll)
	case s.taken == 0:
		return s.take(ctx, s.memory.large, 1, largeTakeAll)
	}
	return nil
}

func (s *share) take(ctx context.Context, free *semaphore.Weighted, size int64, full error) error {
	if !free.TryAcquire(size) {
		waiting, cancel := context.WithDeadline(ctx, s.until)
		defer cancel()
		if free.Acquire(waiting, size) != nil {
			return cmp.Or(ctx.Err(), full)
		}
	}
	s.taken += size
	return nil
}

func (s *share) release() {
	if s.isLarge {
		s.memory.large.Release(s.taken)
		return
	}
	s.memory.others.Release(s.taken)
}
