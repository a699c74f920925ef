package engine

import (
	"maps"
	"sync"
	"time"

	"k8s.io/apimachinery/pkg/types"
)

// budgetLasts is how long the changes of one Deployment share one patience: the API server has a change judged
// again each time that a status was written meanwhile, and would wait as often.
const budgetLasts = 10 * time.Second

// budget is how long the changes of each Deployment may wait. It is safe for concurrent use.
type budget struct {
	mutex sync.Mutex
	since map[types.UID]time.Time
}

// left returns how much of its patience a Deployment has left.
func (b *budget) left(deployment types.UID, patience time.Duration, now time.Time) time.Duration {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	maps.DeleteFunc(b.since, func(_ types.UID, since time.Time) bool { return now.Sub(since) >= budgetLasts })
	since, known := b.since[deployment]
	if !known {
		since = now
		b.since[deployment] = now
	}
	return max(0, patience-now.Sub(since))
}
