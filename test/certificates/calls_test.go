package certificates

import (
	"context"
	"errors"
	"sync"

	"k8s.io/apimachinery/pkg/util/wait"
)

// keepCalling calls each way again and again, and tells in the end how often all was well and what was not.
func (i *installation) keepCalling(ways ...func(context.Context) error) (stop func() (well int, failures []error)) {
	ctx, cancel := context.WithCancel(i.Context())
	var lock sync.Mutex
	var well int
	var failures []error
	var calling sync.WaitGroup
	for _, call := range ways {
		calling.Go(func() {
			wait.UntilWithContext(ctx, func(ctx context.Context) {
				err := call(context.WithoutCancel(ctx))
				lock.Lock()
				defer lock.Unlock()
				if err != nil {
					failures = append(failures, err)
				} else {
					well++
				}
			}, period)
		})
	}
	return func() (int, []error) {
		cancel()
		calling.Wait()
		return well, failures
	}
}

// endsWell ends calls, of which none may have failed.
func (i *installation) endsWell(stop func() (well int, failures []error)) {
	i.Helper()
	well, failures := stop()
	i.Logf("%d calls, of which %d failed", well+len(failures), len(failures))
	if err := errors.Join(failures...); err != nil || well == 0 {
		i.Errorf("%d calls went well, and these did not: %v", well, err)
	}
}

// handshake shakes hands with a replica, as the API server does for webhooks that trust what is injected at that moment.
func (i *installation) handshake(r replica) func(context.Context) error {
	return func(ctx context.Context) error {
		bundles, err := i.bundles(ctx)
		for _, bundle := range bundles {
			_, failed := r.served(bundle)
			err = errors.Join(err, failed)
		}
		return err
	}
}
