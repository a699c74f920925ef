package traffic

import appsv1 "k8s.io/api/apps/v1"

// Progress is how far a ReplicaSet or StatefulSet is that a switch brings in, or a Deployment that has no
// ReplicaSet yet.
type Progress struct {
	// Name is how a person would call it: ReplicaSet hello-green-b7866699f.
	Name string
	// Available counts the pods that would serve, of Desired.
	Available, Desired int
	// Waiting says what the others wait for, each as a phrase.
	Waiting []string
}

// Progress returns how far each workload is that the switch brings in.
func (s Switch) Progress() []Progress {
	var all []Progress
	for _, workload := range s.Incoming {
		all = append(all, workload.progress(s)...)
	}
	return all
}

func (w Replicated) progress(s Switch) []Progress {
	var all []Progress
	for _, rs := range w.byTemplate(s) {
		all = append(all, s.progress(rs, Replicas(rs.Spec.Replicas)))
	}
	for _, rs := range w.byHand(s) {
		all = append(all, s.progress(rs, len(s.selectedOf(rs))))
	}
	if len(w.incoming(s)) == 0 {
		all = append(all, Progress{Name: w.Name(), Desired: w.desired(s), Waiting: w.blockers(s)})
	}
	return all
}

func (s Switch) progress(rs *appsv1.ReplicaSet, desired int) Progress {
	available, waiting := s.availability(rs.Spec.MinReadySeconds, s.selectedOf(rs))
	return Progress{Name: "ReplicaSet " + rs.Name, Available: available, Desired: desired, Waiting: append(waiting, replicaFailure(rs)...)}
}

func (w StatefulSet) progress(s Switch) []Progress {
	if w.Gone {
		return []Progress{{Name: w.Name(), Waiting: w.blockers(s)}}
	}
	available, waiting := w.waiting(s)
	return []Progress{{Name: "StatefulSet " + w.StatefulSet.Name, Available: available, Desired: w.desired(s), Waiting: waiting}}
}
