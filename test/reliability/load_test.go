package reliability

import (
	"context"
	"sync"
	"time"

	"k8s.io/client-go/util/flowcontrol"
)

// callers ask at the same time, each over a connection of its own, and together so often in a second.
const (
	callers = 8
	rate    = 200
)

// failure is a call that got no verdict.
type failure struct {
	at  time.Time
	err error
}

func (f failure) String() string { return f.err.Error() }

// load are calls that go on until they are stopped.
type load struct {
	cancel   context.CancelFunc
	done     sync.WaitGroup
	mutex    sync.Mutex
	answered int
	failures []failure
}

// startLoad has as many callers ask as newCall makes calls.
func startLoad(newCall func() func(context.Context) error) *load {
	ctx, cancel := context.WithCancel(context.Background())
	l := &load{cancel: cancel}
	limiter := flowcontrol.NewTokenBucketRateLimiter(rate, callers)
	for range callers {
		call := newCall()
		l.done.Go(func() {
			for limiter.Wait(ctx) == nil {
				l.count(ctx, call)
			}
		})
	}
	return l
}

func (l *load) count(ctx context.Context, call func(context.Context) error) {
	limited, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	err := call(limited)
	l.mutex.Lock()
	defer l.mutex.Unlock()
	switch {
	case err == nil:
		l.answered++
	case ctx.Err() == nil: // otherwise it was stop that ended the call
		l.failures = append(l.failures, failure{time.Now(), err})
	}
}

// result returns how many calls were answered so far, and which were not.
func (l *load) result() (answered int, failures []failure) {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	return l.answered, append([]failure(nil), l.failures...)
}

// stop ends the calls and returns the result.
func (l *load) stop() (answered int, failures []failure) {
	l.cancel()
	l.done.Wait()
	return l.result()
}
