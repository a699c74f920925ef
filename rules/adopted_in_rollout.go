package rules

import (
	"context"
	"fmt"
	"slices"
	"strings"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"

	"greenlight.dev/greenlight/state"
	"greenlight.dev/greenlight/traffic"
)

// adoptedInRollout is a Deployment that is created and adopts ReplicaSets of a rollout that was not over. It keeps as
// many pods as it must, whichever they are.
type adoptedInRollout struct {
	deployment *appsv1.Deployment
	own        ownPods
	settlement *settlement
}

// leaving returns the names of the pods that a Service selects, and that may be replaced by some, or taken in place of
// some, that it does not select.
func (a adoptedInRollout) leaving(ctx context.Context, service *corev1.Service) (map[string]bool, error) {
	leaving := map[string]bool{}
	for _, maker := range a.own.makers {
		pods := a.own.of(maker)
		if len(pods) == 0 {
			continue
		}
		owners, err := a.settlement.ownersInRollout(ctx, maker.(*appsv1.ReplicaSet), a.deployment)
		if err != nil {
			return nil, err
		}
		for _, pod := range pods {
			if traffic.Selects(service, pod.Labels) && !staysIn(service, owners, pod) {
				leaving[pod.Name] = true
			}
		}
	}
	return leaving, nil
}

// staysIn reports whether a pod, or what takes its place, is in a Service once its owners have what they want.
func staysIn(service *corev1.Service, owners *traffic.Owners, pod *corev1.Pod) bool {
	if owners == nil {
		return false
	}
	settled := owners.Settled(pod, service)
	return settled != nil && traffic.Selects(service, settled.Labels)
}

// finding tells of a Service that may lose what serves it.
func (a adoptedInRollout) finding(service *corev1.Service, unserved string) Finding {
	return Finding{
		Path: specPath.Child("selector"),
		Message: fmt.Sprintf("the Deployment adopts pods of a rollout that was not over, and may keep those which Service %s does not select in place of those that serve: no other pod serves %s.",
			service.Name, unserved),
		Fix: fmt.Sprintf("First take away what Service %s does not select: %q.", service.Name, a.scaleDown(service)),
		Now: true,
	}
}

// scaleDown is the command that takes away the adopted pods that a Service does not select.
func (a adoptedInRollout) scaleDown(service *corev1.Service) string {
	var names []string
	for _, maker := range a.own.makers {
		if traffic.ReplicasOf(maker) > 0 && !traffic.Selects(service, state.TemplateLabels(maker)) {
			names = append(names, maker.GetName())
		}
	}
	slices.Sort(names)
	return fmt.Sprintf("kubectl scale -n %s replicaset %s --replicas=0", a.deployment.Namespace, strings.Join(names, " "))
}
