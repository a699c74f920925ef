package traffic

import (
	"fmt"
	"strings"
)

// scaleUp says how to get as many pods as serve now. An autoscaler whose minimum is lower would undo a scale
// by hand, as the new target has no requests yet.
func (s Switch) scaleUp(pods int) string {
	var autoscalers []string
	for _, autoscaler := range s.Autoscalers {
		if Replicas(autoscaler.Spec.MinReplicas) < pods {
			autoscalers = append(autoscalers, autoscaler.Name)
		}
	}
	if len(autoscalers) == 0 {
		return fmt.Sprintf("Scale the new target to %d replicas first.", pods)
	}
	return fmt.Sprintf("Raise minReplicas of HorizontalPodAutoscaler %s first, until %d pods serve: a scale by hand would be undone.",
		strings.Join(autoscalers, " and "), pods)
}
