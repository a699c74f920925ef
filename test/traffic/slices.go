package traffic

import (
	"time"

	"k8s.io/apimachinery/pkg/types"
)

// slicesLag is how much later than a pod or a Service the EndpointSlices may change.
const slicesLag = 10 * time.Second

// takeSlice follows what the cluster's proxies go by, to hold the replay against it.
func (r *replay) takeSlice(object slice, c change) {
	all := r.slices[object.service]
	if all == nil {
		all = map[types.NamespacedName]slice{}
		r.slices[object.service] = all
	}
	if c.gone {
		delete(all, object.key)
	} else {
		all[object.key] = object
	}
	s := r.services[object.service]
	if s == nil {
		return
	}
	before := s.endpoints
	s.endpoints = 0
	for _, one := range all {
		s.endpoints += one.ready
	}
	if before == 0 || s.endpoints > 0 {
		return
	}
	r.verdict.drops++
	if s.servedBefore(c.at.Add(-slicesLag)) {
		r.report(s, ByLag, c)
	}
}

// servedBefore reports whether a pod that serves the Service did so then, and ever since. One that began to, by itself
// or because the Service was switched, may not be seen by all yet, while the end of another is.
func (s *served) servedBefore(then time.Time) bool {
	for _, p := range s.pods {
		if p.since.Before(then) {
			return true
		}
	}
	return false
}
