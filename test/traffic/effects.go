package traffic

import (
	"maps"

	"k8s.io/apimachinery/pkg/types"
)

// effects tells the writes that changed something from those that asked for what was so already. The API
// server answers both alike, with the version that the object has then.
type effects struct {
	// asked are the versions in the answers to admitted writes, made those that changed what is written.
	asked, made map[uint64]bool
	// takes are those of made that can take pods away.
	takes     map[uint64]bool
	selectors map[types.NamespacedName]map[string]string
	workloads map[types.UID]workload
	count     int
}

func newEffects() effects {
	return effects{
		asked: map[uint64]bool{}, made: map[uint64]bool{}, takes: map[uint64]bool{},
		selectors: map[types.NamespacedName]map[string]string{}, workloads: map[types.UID]workload{},
	}
}

func (e *effects) wrote(w write) {
	if w.outcome == admitted && w.version > 0 && !e.asked[w.version] {
		e.asked[w.version] = true
		e.add(w.version)
	}
}

func (e *effects) changed(c change) {
	switch object := c.object.(type) {
	case service:
		before, known := e.selectors[object.key]
		e.selectors[object.key] = object.selector
		if !known || !maps.Equal(before, object.selector) {
			e.made[c.version], e.takes[c.version] = true, true
			e.add(c.version)
		}
	case workload:
		before := e.workloads[object.uid]
		object.deleting = object.deleting || c.gone
		e.workloads[object.uid] = object
		switch {
		case object.deleting && !before.deleting && object.isColour():
			// Nobody else deletes a colour.
			e.count++
		case object.generation > before.generation && !object.deleting:
			e.made[c.version], e.takes[c.version] = true, object.takes(before)
			e.add(c.version)
		}
	}
}

// add counts a version once both its write and its change are known.
func (e *effects) add(version uint64) {
	if e.asked[version] && e.made[version] {
		e.count++
	}
}

// of reports whether a write was admitted and changed something. Of a deletion it is taken for granted.
func (e *effects) of(w write) bool {
	return w.outcome == admitted && (w.version == 0 || e.made[w.version])
}

// took reports whether an effective write can have taken pods away. Of a deletion it is taken for granted.
func (e *effects) took(w *write) bool { return w.version == 0 || e.takes[w.version] }
