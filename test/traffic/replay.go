package traffic

import (
	"time"

	"k8s.io/apimachinery/pkg/types"
)

// replay goes through a history change by change and knows at each who serves which Service.
type replay struct {
	history  *history
	writes   []write
	services map[types.NamespacedName]*served
	pods     map[string]map[types.UID]pod // by namespace
	// failures are the pods that failed by themselves and did not come back, whether or not they served.
	failures  map[types.UID]failure
	workloads map[types.UID]workload
	slices    map[types.NamespacedName]map[types.NamespacedName]slice // by Service
	// steps are the last changes of the workloads, by namespace.
	steps   map[string][]change
	verdict verdict
}

// served is a Service and what serves it.
type served struct {
	service
	pods map[types.UID]serving
	// since is when it began to be served.
	since time.Time
	// left are the last departures.
	left      []departure
	endpoints int
}

// serving is a pod that serves a Service, since then without a break.
type serving struct {
	pod
	since time.Time
}

// failure is a pod as it was before it failed by itself.
type failure struct {
	pod pod
	at  time.Time
	// told is when the status of its controller first told of fewer pods: zero before that.
	told time.Time
}

// departure is a pod that ceased to serve a Service.
type departure struct {
	pod pod
	at  time.Time
	how how
	// culprit is the admitted write that took the pod: nil where it failed by itself, or nobody knows.
	culprit *write
}

// how a pod ceased to serve.
type how string

const (
	deselected how = "the Service does not select it any more"
	relabelled how = "its labels were changed"
	taken      how = "its controller deleted it"
	failed     how = "it failed by itself"
)

// judge replays a history.
func judge(h *history) verdict {
	changes, writes := h.ordered()
	r := &replay{
		history: h, writes: writes,
		services:  map[types.NamespacedName]*served{},
		pods:      map[string]map[types.UID]pod{},
		failures:  map[types.UID]failure{},
		workloads: map[types.UID]workload{},
		steps:     map[string][]change{},
		slices:    map[types.NamespacedName]map[types.NamespacedName]slice{},
	}
	for _, c := range changes {
		r.take(c)
	}
	return r.verdict
}

func (r *replay) take(c change) {
	switch object := c.object.(type) {
	case service:
		r.takeService(object, c)
	case pod:
		r.takePod(object, c)
	case workload:
		r.takeWorkload(object, c)
		r.steps[object.key.Namespace] = tail(append(r.steps[object.key.Namespace], c))
	case slice:
		r.takeSlice(object, c)
	}
}

func (r *replay) takeWorkload(object workload, c change) {
	object.deleting = object.deleting || c.gone
	if object.available < r.workloads[object.uid].available {
		r.tell(object.uid, c.at)
	}
	r.workloads[object.uid] = object
}

// tell notes that a controller has seen which of its pods failed.
func (r *replay) tell(controller types.UID, at time.Time) {
	for uid, f := range r.failures {
		if f.pod.controller == controller && f.told.IsZero() {
			f.told = at
			r.failures[uid] = f
		}
	}
}

func (r *replay) takeService(object service, c change) {
	if c.gone {
		delete(r.services, object.key)
		return
	}
	s := r.services[object.key]
	if s == nil {
		s = &served{}
		r.services[object.key] = s
	}
	s.service = object
	r.update(s, c)
}

func (r *replay) takePod(object pod, c change) {
	namespace := object.key.Namespace
	if r.pods[namespace] == nil {
		r.pods[namespace] = map[types.UID]pod{}
	}
	object.deleting = object.deleting || c.gone
	before := r.pods[namespace][object.uid]
	r.pods[namespace][object.uid] = object
	switch {
	case object.serves():
		delete(r.failures, object.uid)
	case before.serves() && r.failed(object):
		r.failures[object.uid] = failure{pod: before, at: c.at}
	}
	for _, s := range r.services {
		if s.key.Namespace == namespace {
			r.update(s, c)
		}
	}
	if c.gone {
		delete(r.pods[namespace], object.uid)
	}
}

// update finds who serves a Service after a change, and who ceased to.
func (r *replay) update(s *served, c change) {
	now := map[types.UID]serving{}
	for uid, p := range r.pods[s.key.Namespace] {
		if !s.selects(p) || !p.serves() {
			continue
		}
		now[uid] = serving{p, c.at}
		if before, served := s.pods[uid]; served {
			now[uid] = serving{p, before.since}
		}
	}
	var left []departure
	for uid, p := range s.pods {
		if _, stays := now[uid]; stays {
			continue
		}
		left = append(left, r.departure(s, p.pod, c))
	}
	before := len(s.pods)
	s.pods = now
	s.left = tail(append(s.left, left...))
	switch {
	case before == 0 && len(now) > 0:
		s.since = c.at
	case before > 0 && len(now) == 0:
		r.report(s, r.cause(s, left), c)
	}
}

// departure finds out how a pod ceased to serve. There are four ways, and only one is its own.
func (r *replay) departure(s *served, before pod, c change) departure {
	d := departure{pod: before, at: c.at}
	after, ofPod := c.object.(pod)
	switch {
	case !ofPod:
		d.how, d.culprit = deselected, r.culprit(c, s.key.Name)
	case !s.selects(after):
		d.how = relabelled
	case !r.failed(after):
		d.how, d.culprit = taken, r.culprit(c, before.labels[workloadLabel])
	default:
		d.how = failed
	}
	return d
}

// failed reports whether a pod that does not serve any more ceased to by itself, or as if its node had failed.
func (r *replay) failed(p pod) bool { return !p.deleting || r.history.deleted[p.uid] }

// culprit is the last write to an object of the change's namespace that had been requested by then and can
// have taken pods: not one that asked for more of them.
func (r *replay) culprit(c change, name string) *write {
	namespace := keyOfChange(c).Namespace
	var last *write
	for i := range r.writes {
		w := &r.writes[i]
		if w.requested.After(c.at) {
			break
		}
		if w.namespace == namespace && w.name == name && w.version <= c.version && r.history.effects.took(w) {
			last = w
		}
	}
	return last
}

func keyOfChange(c change) types.NamespacedName {
	if p, ok := c.object.(pod); ok {
		return p.key
	}
	return c.object.(service).key
}
