package rules

import (
	"greenlight.dev/greenlight/api/v1alpha1"
)

const (
	deny  = v1alpha1.Deny
	warn  = v1alpha1.Warn
	audit = v1alpha1.Audit
	off   = v1alpha1.Off
)

// Entry is a rule with the mode that each profile gives it.
type Entry struct {
	*Rule
	Baseline, Strict v1alpha1.Mode
}

// Mode returns the rule's mode in a profile.
func (e Entry) Mode(profile v1alpha1.Profile) v1alpha1.Mode {
	if profile == v1alpha1.Strict {
		return e.Strict
	}
	return e.Baseline
}

// All is every rule and every profile, in the order in which findings are told.
var All = []Entry{
	{recreateStrategy, deny, deny},
	{rollingUpdateNoFloor, deny, deny},
	{rollingUpdateRoundsToZero, deny, deny},
	{rollingUpdateLowFloor, warn, deny},
	{volumeBlocksSurge, deny, deny},
	{hostPortBlocksSurge, warn, warn},
	{antiAffinityBlocksSurge, warn, warn},
	{quotaBlocksSurge, warn, warn},
	{pausedWithTemplateChange, warn, warn},
	{progressDeadlineTooShort, deny, deny},
	{zeroMinReadySeconds, off, warn},
	{singleReplica, warn, deny},
	{replicasResetUnderAutoscaler, deny, deny},
	{autoscalerSingleReplica, warn, deny},
	{missingReadinessProbe, warn, deny},
	{probePortUndefined, deny, deny},
	{preStopExceedsGracePeriod, deny, deny},
	{missingPreStop, warn, deny},
	{identicalProbes, warn, deny},
	{livenessKillsStartup, deny, deny},
	{servicePortUnresolved, deny, deny},
	{noRollbackHistory, warn, deny},
	{mutableImageTag, warn, deny},
	{imageTagFormat, off, warn},
	{imageNotPinned, off, off},
	{mutableTagPullPolicy, warn, deny},
	{schemaCompatibilityUnstated, off, warn},
	{selectorOverlap, deny, deny},
	{serviceSelectsSeveralApps, warn, deny},
	{serviceSelectsNothing, off, audit},
	{podsLeaveService, deny, deny},
	{disruptionBudgetBlocksDrain, warn, deny},
	{serviceSwitchNotReady, deny, deny},
	{servingWorkloadDrained, deny, deny},
	{previousColourRemovedEarly, warn, deny},
	{canaryShareExceeded, off, warn},
	{canaryShareMoved, warn, warn},
	{servedServiceDeleted, warn, warn},
}
