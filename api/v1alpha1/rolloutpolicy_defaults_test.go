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
		Profile:   v1alpha1.Baseline,
		Existing:  v1alpha1.Warn,
		Ignorable: v1alpha1.Warn,
		Overrides: v1alpha1.Overrides{Groups: []string{"system:masters"}},
		Defaults: v1alpha1.Defaults{
			ReadinessProbe: v1alpha1.ReadinessProbeDefaults{Inject: new(true), PeriodSeconds: 5, TimeoutSeconds: 2, FailureThreshold: 3},
			PreStop:        v1alpha1.PreStopDefaults{Inject: new(true), SleepSeconds: 5},
		},
		Traffic: v1alpha1.Traffic{
			Capacity:            v1alpha1.Capacity{DenyBelowPercent: new(int32(50)), WarnBelowPercent: new(int32(100))},
			KeepPreviousSeconds: new(int32(30)),
			Intents:             new(true),
		},
	}
	if diff := cmp.Diff(want, policy.Spec); diff != "" {
		t.Errorf("spec (-want +got):\n%s", diff)
	}
}

func TestWhatAPolicySaysStays(t *testing.T) {
	spec := func() v1alpha1.RolloutPolicySpec {
		return v1alpha1.RolloutPolicySpec{
			Priority:  7,
			Profile:   v1alpha1.Strict,
			Existing:  v1alpha1.Deny,
			Ignorable: v1alpha1.Deny,
			Overrides: v1alpha1.Overrides{Users: []string{"jane@example.com"}},
			Defaults: v1alpha1.Defaults{
				ReadinessProbe: v1alpha1.ReadinessProbeDefaults{Inject: new(false), PeriodSeconds: 1, TimeoutSeconds: 1, FailureThreshold: 1},
				PreStop:        v1alpha1.PreStopDefaults{Inject: new(false), SleepSeconds: 15},
			},
			Traffic: v1alpha1.Traffic{
				Capacity:            v1alpha1.Capacity{DenyBelowPercent: new(int32(0)), WarnBelowPercent: new(int32(0))},
				KeepPreviousSeconds: new(int32(0)),
				Intents:             new(false),
			},
		}
	}
	policy := &v1alpha1.RolloutPolicy{Spec: spec()}
	policy.SetDefaults()
	if diff := cmp.Diff(spec(), policy.Spec); diff != "" {
		t.Errorf("spec (-want +got):\n%s", diff)
	}
}
