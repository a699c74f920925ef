package traffic

import (
	"context"
	"fmt"
	"math/rand/v2"
	"time"

	"sigs.k8s.io/controller-runtime/pkg/client"
)

// pace is the mean time between two operations of one worker.
const pace = 120 * time.Millisecond

// worker does one operation after the other. What it sets out to do depends on its seed alone.
type worker struct {
	number  int
	random  *rand.Rand
	client  client.Client
	history *history
	world   []application
}

func newWorker(number int, seed uint64) *worker {
	return &worker{number: number, random: rand.New(rand.NewPCG(seed, uint64(number)))}
}

// intention is what a worker sets out to do.
type intention struct {
	after     time.Duration
	operation operation
	// on is the application, as an index.
	on     int
	colour string
	number int
}

func (i intention) String() string {
	return fmt.Sprintf("after %s %s %s of application %d (%d)", i.after, i.operation.name, i.colour, i.on, i.number)
}

// next draws the same intentions for the same seed, whatever becomes of them.
func (w *worker) next(applications int) intention {
	return intention{
		after:     time.Duration(w.random.Int64N(int64(2 * pace))),
		operation: w.draw(),
		on:        w.random.IntN(applications),
		colour:    []string{blue, green}[w.random.IntN(2)],
		number:    w.random.IntN(1000),
	}
}

func (w *worker) draw() operation {
	total := 0
	for _, o := range operations {
		total += o.weight
	}
	left := w.random.IntN(total)
	for _, o := range operations {
		if left -= o.weight; left < 0 {
			return o
		}
	}
	panic("the weights do not add up")
}

// work goes on until so many writes of all workers were admitted and changed something.
func (w *worker) work(ctx context.Context, writes int) error {
	for w.history.effective() < writes {
		next := w.next(len(w.world))
		select {
		case <-ctx.Done():
			return fmt.Errorf("worker %d: %d of %d writes were admitted: %w", w.number, w.history.effective(), writes, ctx.Err())
		case <-time.After(next.after):
		}
		t := turn{
			application: w.world[next.on], client: w.client, history: w.history,
			worker: w.number, colour: next.colour, number: next.number,
		}
		if err := next.operation.do(t, ctx); err != nil {
			return err
		}
	}
	return nil
}
