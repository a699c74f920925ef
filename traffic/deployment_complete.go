package traffic

import (
	"fmt"

	appsv1 "k8s.io/api/apps/v1"
)

// deploymentBlockers returns what keeps a Deployment from being complete with the incoming
// ReplicaSets. The source is DeploymentComplete in pkg/controller/deployment/util of Kubernetes.
func deploymentBlockers(deployment *appsv1.Deployment, in []*appsv1.ReplicaSet) []string {
	desired := Replicas(deployment.Spec.Replicas)
	status := deployment.Status
	if stale := staleTemplates(deployment, in); len(stale) > 0 {
		return stale
	}
	switch {
	case deployment.DeletionTimestamp != nil:
		return []string{fmt.Sprintf("Deployment %s is being deleted", deployment.Name)}
	case status.ObservedGeneration < deployment.Generation:
		return []string{fmt.Sprintf("Deployment %s: its controller has not seen its newest spec yet", deployment.Name)}
	case int(status.UpdatedReplicas) != desired || int(status.Replicas) != desired || int(status.AvailableReplicas) != desired:
		return []string{fmt.Sprintf("Deployment %s is in the middle of a rollout (%d desired: %d updated, %d in all, %d available)",
			deployment.Name, desired, status.UpdatedReplicas, status.Replicas, status.AvailableReplicas)}
	}
	return nil
}

// staleTemplates returns the incoming ReplicaSets that the Deployment is about to scale to 0, each as
// a phrase: their template is not the Deployment's.
func staleTemplates(deployment *appsv1.Deployment, in []*appsv1.ReplicaSet) []string {
	want := TemplateFingerprint(&deployment.Spec.Template)
	var stale []string
	for _, rs := range in {
		if TemplateFingerprint(&rs.Spec.Template) == want {
			continue
		}
		why := "is an older revision that its Deployment scales down"
		if deployment.Spec.Paused {
			why = "is an older revision: its Deployment is paused, with a newer template not rolled out"
		}
		stale = append(stale, fmt.Sprintf("ReplicaSet %s %s", rs.Name, why))
	}
	return stale
}

// isRolledOut reports whether all pods are of the Deployment's template. While it is paused, they become
// so only once it is resumed.
func (w Replicated) isRolledOut() bool {
	running := w.running()
	return len(running) > 0 && len(staleTemplates(w.Deployment, running)) == 0
}
