package traffic

import (
	"cmp"
	"slices"
	"sync"
	"time"

	"k8s.io/apimachinery/pkg/types"
)

// history is what happened in one run: the changes that the API server told of, and the writes of the
// workers. It may be written to at the same time from everywhere.
type history struct {
	mutex   sync.Mutex
	changes []change
	writes  []write
	effects effects
	// deleted are the pods that workers deleted by themselves, as a node that fails does.
	deleted map[types.UID]bool
}

// change is one that was made to an object. What it is of is a service, pod, workload or slice.
type change struct {
	// version is the revision of etcd, which counts the changes of all kinds of objects. So it says what
	// was first, although each kind is watched on its own.
	version uint64
	at      time.Time
	gone    bool
	object  any
}

// outcome is what became of a write.
type outcome string

const (
	admitted outcome = "admitted"
	denied   outcome = "denied"
	missed   outcome = "missed" // its object was not there, or was already, or changed meanwhile, or nobody judged it
)

// write is one request of a worker.
type write struct {
	worker              int
	namespace, name     string // of the object
	does                string
	requested, answered time.Time
	// version is that of the object in the answer: 0 for a deletion, which has none.
	version uint64
	outcome outcome
}

func newHistory() *history { return &history{effects: newEffects(), deleted: map[types.UID]bool{}} }

func (h *history) changed(c change) {
	h.mutex.Lock()
	defer h.mutex.Unlock()
	h.changes = append(h.changes, c)
	h.effects.changed(c)
}

func (h *history) wrote(w write) {
	h.mutex.Lock()
	defer h.mutex.Unlock()
	h.writes = append(h.writes, w)
	h.effects.wrote(w)
}

func (h *history) fails(pod types.UID) {
	h.mutex.Lock()
	defer h.mutex.Unlock()
	h.deleted[pod] = true
}

// effective returns how many admitted writes changed something.
func (h *history) effective() int {
	h.mutex.Lock()
	defer h.mutex.Unlock()
	return h.effects.count
}

// count returns how many writes had that outcome.
func (h *history) count(of outcome) int {
	h.mutex.Lock()
	defer h.mutex.Unlock()
	count := 0
	for _, w := range h.writes {
		if w.outcome == of {
			count++
		}
	}
	return count
}

// lastHeard is when the newest change came in.
func (h *history) lastHeard() time.Time {
	h.mutex.Lock()
	defer h.mutex.Unlock()
	if len(h.changes) == 0 {
		return time.Time{}
	}
	return h.changes[len(h.changes)-1].at
}

// ordered returns the changes as they were made and the effective writes as they were requested.
func (h *history) ordered() ([]change, []write) {
	h.mutex.Lock()
	defer h.mutex.Unlock()
	changes := slices.Clone(h.changes)
	slices.SortStableFunc(changes, func(a, b change) int { return cmp.Compare(a.version, b.version) })
	writes := slices.DeleteFunc(slices.Clone(h.writes), func(w write) bool { return !h.effects.of(w) })
	slices.SortStableFunc(writes, func(a, b write) int { return a.requested.Compare(b.requested) })
	return changes, writes
}
