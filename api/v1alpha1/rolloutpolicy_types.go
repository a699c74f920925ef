package v1alpha1

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

// GroupVersion is the API group and version of RolloutPolicy.
var GroupVersion = schema.GroupVersion{Group: "greenlight.dev", Version: "v1alpha1"}

// RolloutPolicyKind is the kind of RolloutPolicy.
var RolloutPolicyKind = GroupVersion.WithKind("RolloutPolicy")

// RolloutPolicy says which rules are in force, how strictly, and which defaults are injected. Exactly
// one governs an object: of those whose selectors match, the one with the highest priority, then the
// first by name; the built-in baseline where none matches.
//
// +kubebuilder:object:root=true
// +kubebuilder:subresource:status
// +kubebuilder:resource:scope=Cluster,categories=greenlight
// +kubebuilder:printcolumn:name="Priority",type=integer,JSONPath=`.spec.priority`
// +kubebuilder:printcolumn:name="Profile",type=string,JSONPath=`.spec.profile`
// +kubebuilder:printcolumn:name="Accepted",type=string,JSONPath=`.status.conditions[?(@.type=="Accepted")].status`
// +kubebuilder:printcolumn:name="Namespaces",type=integer,JSONPath=`.status.governedNamespaces`
// +kubebuilder:printcolumn:name="Age",type=date,JSONPath=`.metadata.creationTimestamp`
type RolloutPolicy struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata,omitempty"`

	// Spec is what the author of the policy writes.
	// +optional
	Spec RolloutPolicySpec `json:"spec,omitempty"`
	// Status is what Greenlight says of the policy.
	// +optional
	Status RolloutPolicyStatus `json:"status,omitempty"`
}

// RolloutPolicyList is a list of RolloutPolicies.
//
// +kubebuilder:object:root=true
type RolloutPolicyList struct {
	metav1.TypeMeta `json:",inline"`
	metav1.ListMeta `json:"metadata,omitempty"`

	Items []RolloutPolicy `json:"items"`
}

// RolloutPolicySpec is the part of a RolloutPolicy that its author writes.
type RolloutPolicySpec struct {
	// Priority decides between the policies that match an object: the highest governs it, then the
	// first by name.
	// +kubebuilder:default=0
	// +optional
	Priority int32 `json:"priority,omitempty"`
	// NamespaceSelector selects the namespaces that the policy is for: all of them when left out.
	// +optional
	NamespaceSelector *metav1.LabelSelector `json:"namespaceSelector,omitempty"`
	// ObjectSelector selects the workloads (Deployments, ReplicaSets and StatefulSets) and Services that the policy is
	// for, by their own labels: all of them when left out. Whoever writes an object chooses its labels, and so its
	// policy: what must not be evaded belongs to the namespace.
	// +optional
	ObjectSelector *metav1.LabelSelector `json:"objectSelector,omitempty"`
	// Profile gives every rule its mode; rules changes single ones. baseline denies what takes a service
	// down and warns about what may. strict denies what baseline warns about, where that is seldom wrong.
	// The modes, in baseline and in strict:
	// +kubebuilder:default=baseline
	// +optional
	Profile Profile `json:"profile,omitempty"`
	// Rules changes the mode or the parameters of single rules.
	// +listType=map
	// +listMapKey=name
	// +kubebuilder:validation:MaxItems=100
	// +optional
	Rules []RuleSetting `json:"rules,omitempty"`
	// Existing is what an update leads to that keeps a fault which the object already had, no worse: warn
	// lets it through with a warning, deny judges it like a new one.
	// +kubebuilder:default=warn
	// +kubebuilder:validation:XValidation:rule="self in ['warn', 'deny']",message="must be warn or deny"
	// +optional
	Existing Mode `json:"existing,omitempty"`
	// Ignorable is the strictest mode that the annotation greenlight.dev/ignore.RULE of an object lifts:
	// warn leaves denials standing.
	// +kubebuilder:default=warn
	// +kubebuilder:validation:XValidation:rule="self in ['warn', 'deny']",message="must be warn or deny"
	// +optional
	Ignorable Mode `json:"ignorable,omitempty"`
	// Exemptions lift rules for named objects.
	// +kubebuilder:validation:MaxItems=500
	// +optional
	Exemptions []Exemption `json:"exemptions,omitempty"`
	// Overrides says who may force a change with the annotations greenlight.dev/force-until and
	// greenlight.dev/force-reason.
	// +optional
	Overrides Overrides `json:"overrides,omitempty"`
	// Defaults says what is injected into Deployments that leave it out.
	// +optional
	Defaults Defaults `json:"defaults,omitempty"`
	// Traffic says what a change may do to the pods that serve a Service.
	// +optional
	Traffic Traffic `json:"traffic,omitempty"`
}

// Profile names a set of modes, one a rule.
// +kubebuilder:validation:Enum=baseline;strict
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
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=63
	Name string `json:"name"`
	// Mode replaces the profile's mode for this rule. Quote "off": YAML takes it for false.
	// +optional
	Mode Mode `json:"mode,omitempty"`
	// Params replaces parameters of the rule by name; the others keep their defaults.
	// +kubebuilder:validation:Type=object
	// +kubebuilder:validation:Schemaless
	// +kubebuilder:pruning:PreserveUnknownFields
	// +optional
	Params *runtime.RawExtension `json:"params,omitempty"`
}

// Exemption lifts rules for the objects that it names. Every list that is left out means any; the items
// may hold * for any characters and ? for one.
// +kubebuilder:validation:XValidation:rule="has(self.kinds) || has(self.namespaces) || has(self.names)",message="an exemption names kinds, namespaces or names: to lift a rule for everything, set its mode"
type Exemption struct {
	// Rules are ids of rules, for example single-replica.
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=100
	Rules []string `json:"rules"`
	// Kinds are kinds of objects, for example Deployment.
	// +kubebuilder:validation:MaxItems=100
	// +optional
	Kinds []string `json:"kinds,omitempty"`
	// Namespaces are names of namespaces.
	// +kubebuilder:validation:MaxItems=500
	// +optional
	Namespaces []string `json:"namespaces,omitempty"`
	// Names are names of objects.
	// +kubebuilder:validation:MaxItems=500
	// +optional
	Names []string `json:"names,omitempty"`
	// Reason says why, for whoever comes across the exemption later.
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=1024
	Reason string `json:"reason"`
	// Expires is when the exemption ends: never when left out.
	// +optional
	Expires *metav1.Time `json:"expires,omitempty"`
}

// Overrides says who may force a change.
type Overrides struct {
	// Users are names of users, as the API server authenticates them.
	// +kubebuilder:validation:MaxItems=500
	// +optional
	Users []string `json:"users,omitempty"`
	// Groups are names of groups. Default: system:masters, where neither users nor groups are written.
	// +kubebuilder:validation:MaxItems=500
	// +optional
	Groups []string `json:"groups,omitempty"`
}

// Traffic says what a change may do to the pods that serve a Service.
type Traffic struct {
	// Capacity is how much of what serves now must serve after a switch.
	// +optional
	Capacity Capacity `json:"capacity,omitempty"`
	// KeepPreviousSeconds is how long what served before a switch must be kept. Default: 30.
	// +kubebuilder:default=30
	// +kubebuilder:validation:Minimum=0
	// +kubebuilder:validation:Maximum=86400
	// +optional
	KeepPreviousSeconds *int32 `json:"keepPreviousSeconds,omitempty"`
	// Intents announces each switch, and each change that takes pods away, before it is judged, so that two
	// changes at the same moment, each safe alone, see each other. They are Leases in Greenlight's namespace.
	// Default: true.
	// +kubebuilder:default=true
	// +optional
	Intents *bool `json:"intents,omitempty"`
}

// Capacity is how much of what serves now must serve after a switch, in percent of the pods.
// +kubebuilder:validation:XValidation:rule="!has(self.denyBelowPercent) || !has(self.warnBelowPercent) || self.denyBelowPercent <= self.warnBelowPercent",message="warnBelowPercent must not be less than denyBelowPercent"
type Capacity struct {
	// DenyBelowPercent denies a switch that leaves less. Default: 50.
	// +kubebuilder:default=50
	// +kubebuilder:validation:Minimum=0
	// +kubebuilder:validation:Maximum=100
	// +optional
	DenyBelowPercent *int32 `json:"denyBelowPercent,omitempty"`
	// WarnBelowPercent warns about a switch that leaves less. Default: 100.
	// +kubebuilder:default=100
	// +kubebuilder:validation:Minimum=0
	// +kubebuilder:validation:Maximum=1000
	// +optional
	WarnBelowPercent *int32 `json:"warnBelowPercent,omitempty"`
}

// Defaults says what is injected into Deployments that leave it out.
type Defaults struct {
	// ReadinessProbe is injected into containers that serve.
	// +optional
	ReadinessProbe ReadinessProbeDefaults `json:"readinessProbe,omitempty"`
	// PreStop is injected into containers that serve.
	// +optional
	PreStop PreStopDefaults `json:"preStop,omitempty"`
}

// ReadinessProbeDefaults are the numbers of an injected readiness probe.
type ReadinessProbeDefaults struct {
	// Inject turns the injection on or off. Default: true.
	// +kubebuilder:default=true
	// +optional
	Inject *bool `json:"inject,omitempty"`
	// PeriodSeconds is the time between two probes. Default: 5.
	// +kubebuilder:default=5
	// +kubebuilder:validation:Minimum=1
	// +optional
	PeriodSeconds int32 `json:"periodSeconds,omitempty"`
	// TimeoutSeconds is how long a probe may take. Default: 2.
	// +kubebuilder:default=2
	// +kubebuilder:validation:Minimum=1
	// +optional
	TimeoutSeconds int32 `json:"timeoutSeconds,omitempty"`
	// FailureThreshold is the number of failures in a row that make a pod unready. Default: 3.
	// +kubebuilder:default=3
	// +kubebuilder:validation:Minimum=1
	// +optional
	FailureThreshold int32 `json:"failureThreshold,omitempty"`
}

// PreStopDefaults is the number of an injected preStop hook.
type PreStopDefaults struct {
	// Inject turns the injection on or off. Default: true.
	// +kubebuilder:default=true
	// +optional
	Inject *bool `json:"inject,omitempty"`
	// SleepSeconds is how long a container goes on serving after its pod was asked to stop, so that
	// proxies learn of it before SIGTERM arrives. Default: 5.
	// +kubebuilder:default=5
	// +kubebuilder:validation:Minimum=1
	// +kubebuilder:validation:Maximum=3600
	// +optional
	SleepSeconds int64 `json:"sleepSeconds,omitempty"`
}

// RolloutPolicyStatus is what Greenlight says of a policy.
type RolloutPolicyStatus struct {
	// Conditions: Accepted is true while the policy as written is in force. Where it is false, the last
	// accepted spec stays in force, and the message says what is wrong with the new one.
	// +listType=map
	// +listMapKey=type
	// +optional
	Conditions []metav1.Condition `json:"conditions,omitempty"`
	// GovernedNamespaces counts the namespaces in which this policy governs objects, or would govern those
	// that its objectSelector selects.
	// +optional
	GovernedNamespaces int32 `json:"governedNamespaces"`
	// AcceptedGeneration is the generation of the policy that acceptedSpec was written in.
	// +optional
	AcceptedGeneration int64 `json:"acceptedGeneration,omitempty"`
	// AcceptedSpec is the spec in force. It outlives a restart of Greenlight.
	// +kubebuilder:validation:Type=object
	// +kubebuilder:validation:Schemaless
	// +kubebuilder:pruning:PreserveUnknownFields
	// +optional
	AcceptedSpec *runtime.RawExtension `json:"acceptedSpec,omitempty"`
}

// Accepted is the type of the condition that says whether a policy as written is in force.
const Accepted = "Accepted"
