package v1alpha1

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

// GroupVersion is the API group and version of RolloutPolicy.
var GroupVersion = schema.GroupVersion{Group: "greenlight.dev", Version: "v1alpha1"}

// RolloutPolicy says which rules are in force, how strictly, and which defaults are injected.
type RolloutPolicy struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata,omitempty"`

	Spec RolloutPolicySpec `json:"spec,omitempty"`
}

// RolloutPolicySpec is the part of a RolloutPolicy that its author writes.
type RolloutPolicySpec struct {
	// Profile gives every rule its mode; rules changes single ones. Default: baseline.
	Profile Profile `json:"profile,omitempty"`
	// Rules changes the mode or the parameters of single rules.
	Rules []RuleSetting `json:"rules,omitempty"`
	// Defaults says what is injected into Deployments that leave it out.
	Defaults Defaults `json:"defaults,omitempty"`
}

// Profile names a set of modes, one a rule.
type Profile string

const (
	// Baseline denies what takes a service down and warns about what may.
	Baseline Profile = "baseline"
	// Strict denies what baseline warns about, where that is seldom wrong.
	Strict Profile = "strict"
)

// Profiles lists every profile.
var Profiles = []Profile{Baseline, Strict}

// RuleSetting changes one rule.
type RuleSetting struct {
	// Name is the rule's id, for example recreate-strategy.
	Name string `json:"name"`
	// Mode replaces the profile's mode for this rule.
	Mode Mode `json:"mode,omitempty"`
	// Params replaces parameters of the rule by name; the others keep their defaults.
	Params *runtime.RawExtension `json:"params,omitempty"`
}

// Defaults says what is injected into Deployments that leave it out.
type Defaults struct {
	ReadinessProbe ReadinessProbeDefaults `json:"readinessProbe,omitempty"`
	PreStop        PreStopDefaults        `json:"preStop,omitempty"`
}

// ReadinessProbeDefaults are the numbers of an injected readiness probe.
type ReadinessProbeDefaults struct {
	// Inject turns the injection on or off. Default: true.
	Inject *bool `json:"inject,omitempty"`
	// PeriodSeconds is the time between two probes. Default: 5.
	PeriodSeconds int32 `json:"periodSeconds,omitempty"`
	// TimeoutSeconds is how long a probe may take. Default: 2.
	TimeoutSeconds int32 `json:"timeoutSeconds,omitempty"`
	// FailureThreshold is the number of failures in a row that make a pod unready. Default: 3.
	FailureThreshold int32 `json:"failureThreshold,omitempty"`
}

// PreStopDefaults is the number of an injected preStop hook.
type PreStopDefaults struct {
	// Inject turns the injection on or off. Default: true.
	Inject *bool `json:"inject,omitempty"`
	// SleepSeconds is how long a container goes on serving after its pod was asked to stop, so that
	// proxies learn of it before SIGTERM arrives. Default: 5.
	SleepSeconds int64 `json:"sleepSeconds,omitempty"`
}
