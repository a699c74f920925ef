package v1alpha1_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"greenlight.dev/greenlight/api/v1alpha1"
)

func TestWhatAPolicyLeavesOutIsFilledIn(t *testing.T) {
	policy := &v1alpha1.RolloutPolicy{}
	policy.SetDefaults()
	want := v1alpha1.RolloutPolicySpec{
		Profile: v1alpha1.Baseline,
		Defaults: v1alpha1.Defaults{
			ReadinessProbe: v1alpha1.ReadinessProbeDefaults{Inject: new(true), PeriodSeconds: 5, TimeoutSeconds: 2, FailureThreshold: 3},
			PreStop:        v1alpha1.PreStopDefaults{Inject: new(true), SleepSeconds: 5},
		},
	}
	if diff := cmp.Diff(want, policy.Spec); diff != "" {
		t.Errorf("spec (-want +got):\n%s", diff)
	}
}

func TestWhatAPolicySaysStays(t *testing.T) {
	spec := func() v1alpha1.RolloutPolicySpec {
		return v1alpha1.RolloutPolicySpec{
			Profile: v1alpha1.Strict,
			Defaults: v1alpha1.Defaults{
				ReadinessProbe: v1alpha1.ReadinessProbeDefaults{Inject: new(false), PeriodSeconds: 1, TimeoutSeconds: 1, FailureThreshold: 1},
				PreStop:        v1alpha1.PreStopDefaults{Inject: new(false), SleepSeconds: 15},
			},
		}
	}
	policy := &v1alpha1.RolloutPolicy{Spec: spec()}
	policy.SetDefaults()
	if diff := cmp.Diff(spec(), policy.Spec); diff != "" {
		t.Errorf("spec (-want +got):\n%s", diff)
	}
}
