package traffic

import (
	"context"
	"errors"
	"sync"
	"time"

	"k8s.io/client-go/rest"

	"greenlight.dev/greenlight/test/fixture"
)

// Options say what a run is.
type Options struct {
	// Name is what the run is reported as.
	Name string
	// Seed decides what the workers set out to do.
	Seed    uint64
	Workers int
	// Writes is how many admitted writes that change something end the run.
	Writes int
	// Limit is how long it may take.
	Limit time.Duration
}

// Run lets workers loose on applications of their own, in a cluster that is guarded or not, and says what
// became of their Services.
func Run(ctx context.Context, config *rest.Config, o Options) (*Report, error) {
	config = rest.CopyConfig(config)
	config.WarningHandler = rest.NoWarnings{}
	c, err := fixture.NewClient(config)
	if err != nil {
		return nil, err
	}
	h := newHistory()
	watched, stop := context.WithCancel(ctx)
	monitor, err := watchAll(watched, config, h)
	defer func() {
		stop()
		if monitor != nil {
			monitor.watches.Wait()
		}
	}()
	if err != nil {
		return nil, err
	}
	world, err := newWorld(ctx, c)
	if err != nil {
		return nil, err
	}
	if err := monitor.waitQuiet(ctx); err != nil {
		return nil, err
	}
	begin := time.Now()
	if err := workAll(ctx, o, func(w *worker) { w.client, w.history, w.world = c, h, world }); err != nil {
		return nil, err
	}
	took := time.Since(begin)
	if err := monitor.waitQuiet(ctx); err != nil {
		return nil, err
	}
	return newReport(o, h, took), nil
}

// workAll ends the workers as soon as one of them fails.
func workAll(ctx context.Context, o Options, equip func(*worker)) error {
	ctx, cancel := context.WithTimeout(ctx, o.Limit)
	defer cancel()
	errs := make([]error, o.Workers)
	var all sync.WaitGroup
	for i := range o.Workers {
		w := newWorker(i, o.Seed)
		equip(w)
		all.Go(func() {
			if errs[i] = w.work(ctx, o.Writes); errs[i] != nil {
				cancel()
			}
		})
	}
	all.Wait()
	return errors.Join(errs...)
}
