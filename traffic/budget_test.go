package traffic_test

import (
	"testing"

	policyv1 "k8s.io/api/policy/v1"
	"k8s.io/apimachinery/pkg/util/intstr"

	"greenlight.dev/greenlight/traffic"
)

func TestKeptAvailable(t *testing.T) {
	const unset = ""
	tests := map[string]struct {
		minAvailable, maxUnavailable string
		covered, want                int
	}{
		"a number of minAvailable is as it is":          {"2", unset, 3, 2},
		"it may be more than there are":                 {"5", unset, 3, 5},
		"a percentage of minAvailable rounds up":        {"50%", unset, 3, 2},
		"half of one is one":                            {"50%", unset, 1, 1},
		"a number of maxUnavailable is taken off":       {unset, "1", 3, 2},
		"no more can be taken off than there are":       {unset, "5", 3, 0},
		"a percentage of maxUnavailable rounds up too":  {unset, "1%", 3, 2},
		"no percentage takes nothing off":               {unset, "0%", 3, 3},
		"a budget that names no number keeps every pod": {unset, unset, 3, 3},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			budget := &policyv1.PodDisruptionBudget{}
			if test.minAvailable != unset {
				budget.Spec.MinAvailable = new(intstr.Parse(test.minAvailable))
			}
			if test.maxUnavailable != unset {
				budget.Spec.MaxUnavailable = new(intstr.Parse(test.maxUnavailable))
			}
			got, err := traffic.KeptAvailable(budget, test.covered)
			if err != nil || got != test.want {
				t.Errorf("got %d, %v, want %d", got, err, test.want)
			}
		})
	}
}

func TestABudgetOfWordsHasNoNumber(t *testing.T) {
	words := intstr.FromString("all")
	for _, spec := range []policyv1.PodDisruptionBudgetSpec{{MinAvailable: &words}, {MaxUnavailable: &words}} {
		if _, err := traffic.KeptAvailable(&policyv1.PodDisruptionBudget{Spec: spec}, 3); err == nil {
			t.Errorf("no error for %v", spec)
		}
	}
}
