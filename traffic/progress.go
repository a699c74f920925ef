package traffic

import appsv1 "k8s.io/api/apps/v1"

// Progress is how far a ReplicaSet is that a switch brings in, or a Deployment that has none yet.
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
		for _, rs := range workload.byTemplate(s) {
			all = append(all, s.progress(rs, Replicas(rs.Spec.Replicas)))
		}
		for _, rs := range workload.byHand(s) {
			all = append(all, s.progress(rs, len(s.selectedOf(rs))))
		}
		if len(workload.incoming(s)) == 0 {
			all = append(all, Progress{Name: workload.Name(), Desired: workload.desired(s), Waiting: workload.blockers(s)})
		}
	}
	return all
}

func (s Switch) progress(rs *appsv1.ReplicaSet, desired int) Progress {
	available, waiting := s.availability(rs, s.selectedOf(rs))
	return Progress{Name: "ReplicaSet " + rs.Name, Available: available, Desired: desired, Waiting: append(waiting, replicaFailure(rs)...)}
}
