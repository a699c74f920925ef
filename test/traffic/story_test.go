package traffic

import (
	"time"

	"k8s.io/apimachinery/pkg/types"
)

// story makes up a history, a change every 100 milliseconds.
type story struct {
	*history
	now     time.Time
	version uint64
}

func newStory() *story {
	s := &story{history: newHistory(), now: time.Unix(1000, 0)}
	s.service(blue)
	s.workload(blue, 2)
	s.workload(green, 2)
	return s
}

func named(name string) types.NamespacedName {
	return types.NamespacedName{Namespace: "shop", Name: name}
}

func (s *story) happens(object any, gone bool) {
	s.now = s.now.Add(100 * time.Millisecond)
	s.version++
	s.changed(change{version: s.version, at: s.now, gone: gone, object: object})
}

// service points the Service at a colour, or at both.
func (s *story) service(colour string) {
	selector := map[string]string{"app": "hello"}
	if colour != "" {
		selector[versionLabel] = colour
	}
	s.happens(service{named("live"), selector}, false)
}

func (s *story) workload(colour string, wanted int32) {
	s.happens(workload{uid: types.UID(colour), wanted: wanted}, false)
}

// available is what the status of a colour tells of.
func (s *story) available(colour string, count int32) {
	s.happens(workload{uid: types.UID(colour), wanted: 2, available: count}, false)
}

func (s *story) pod(colour, name string, ready bool) { s.happens(podOf(colour, name, ready), false) }

func (s *story) deleted(colour, name string) {
	going := podOf(colour, name, true)
	going.deleting = true
	s.happens(going, false)
	s.happens(going, true)
}

func podOf(colour, name string, ready bool) pod {
	return pod{
		key: named(name), uid: types.UID(name), ready: ready, controller: types.UID(colour),
		labels: map[string]string{"app": "hello", workloadLabel: colour, versionLabel: colour},
	}
}

// slices lists that many ready endpoints of the Service.
func (s *story) slices(ready int) {
	s.happens(slice{key: named("live-1"), service: named("live"), ready: ready}, false)
}

// write is admitted now.
func (s *story) write(name, does string) {
	s.wrote(write{namespace: "shop", name: name, does: does, requested: s.now, answered: s.now, outcome: admitted})
}

// stores is a write that makes this of a workload.
func (s *story) stores(does string, w workload) {
	requested := s.now
	s.happens(w, false)
	s.wrote(write{
		namespace: "shop", name: w.key.Name, does: does, version: s.version, requested: requested, answered: s.now, outcome: admitted,
	})
}

// later lets time pass, more than any controller lags behind.
func (s *story) later() { s.now = s.now.Add(time.Minute) }

// soon lets less pass, as a machine that stalls does.
func (s *story) soon() { s.now = s.now.Add(settleLate / 2) }
