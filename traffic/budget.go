package traffic

import (
	policyv1 "k8s.io/api/policy/v1"
)

// KeptAvailable returns how many of the pods that a disruption budget covers it keeps from eviction. The
// source is getExpectedPodCount in pkg/controller/disruption of Kubernetes: all percentages round up, and
// a budget that names no number allows no eviction at all. It fails on a value that is neither a number
// nor a percentage.
func KeptAvailable(budget *policyv1.PodDisruptionBudget, covered int) (int, error) {
	switch spec := budget.Spec; {
	case spec.MaxUnavailable != nil:
		unavailable, err := scaled(spec.MaxUnavailable, covered, true)
		return max(0, covered-unavailable), err
	case spec.MinAvailable != nil:
		return scaled(spec.MinAvailable, covered, true)
	}
	return covered, nil
}
