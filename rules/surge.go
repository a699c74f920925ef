package rules

import (
	"fmt"

	appsv1 "k8s.io/api/apps/v1"
	"k8s.io/apimachinery/pkg/util/intstr"

	"greenlight.dev/greenlight/traffic"
)

// waitsForSurge reports whether a rolling update takes no old pod away before a new one is available:
// where the new one cannot run, the rollout never moves.
func waitsForSurge(rolling traffic.RollingUpdate) bool {
	return rolling.Replicas > 0 && rolling.Surge > 0 && rolling.Unavailable == 0
}

// surgeNumbers is what a rolling update resolves to: "maxSurge 25% of 3 is 1, maxUnavailable 0".
func surgeNumbers(deployment *appsv1.Deployment, rolling traffic.RollingUpdate) string {
	update := deployment.Spec.Strategy.RollingUpdate
	return resolved("maxSurge", update.MaxSurge, rolling.Replicas, rolling.Surge) + ", " +
		resolved("maxUnavailable", update.MaxUnavailable, rolling.Replicas, rolling.Unavailable)
}

func resolved(field string, value *intstr.IntOrString, replicas, pods int) string {
	if value == nil || value.Type == intstr.Int {
		return fmt.Sprintf("%s %d", field, pods)
	}
	return fmt.Sprintf("%s %s of %d is %d", field, value, replicas, pods)
}

// orWithoutSurge adds to a fix that an old pod may go first. An only pod may not: it would leave none.
func orWithoutSurge(replicas int) string {
	if replicas == 1 {
		return ""
	}
	return ", or set maxSurge: 0 and maxUnavailable: 1"
}
