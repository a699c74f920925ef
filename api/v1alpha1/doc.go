// Package v1alpha1 is the RolloutPolicy: which rules are in force, how strictly, and which defaults
// are injected. The same document serves the cluster and a file.
//
// +kubebuilder:object:generate=true
// +groupName=greenlight.dev
package v1alpha1
