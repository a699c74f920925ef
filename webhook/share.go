package webhook

import (
	"context"
	"fmt"
	"net/http"

	"golang.org/x/sync/semaphore"
)

// share is what one body takes of the memory. A large one takes one of the places for these, whatever its size; any
// other takes bytes, as they arrive.
type share struct {
	memory  memory
	isLarge bool
	// taken counts the place of a large body, or bytes.
	taken int64
}

// grow makes room for one more chunk. It waits until waiting ends, which is not the end of ctx.
func (s *share) grow(ctx, waiting context.Context) error {
	switch {
	case !s.isLarge:
		return s.take(ctx, waiting, s.memory.others, chunk, fmt.Sprintf("their bodies would take more than %d MiB", maxOthers>>20))
	case s.taken == 0:
		return s.take(ctx, waiting, s.memory.large, 1, fmt.Sprintf("%d others have bodies above %d MiB", maxLarge, largeBody>>20))
	}
	return nil
}

func (s *share) take(ctx, waiting context.Context, free *semaphore.Weighted, size int64, full string) error {
	if free.TryAcquire(size) || free.Acquire(waiting, size) == nil {
		s.taken += size
		return nil
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	return refuse(http.StatusTooManyRequests, "too many requests at once: %s; try again in a second", full)
}

func (s *share) release() {
	if s.isLarge {
		s.memory.large.Release(s.taken)
		return
	}
	s.memory.others.Release(s.taken)
}
