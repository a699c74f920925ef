// Package policies keeps the RolloutPolicies of the cluster in force: it watches them, compiles them at
// each change, and tells their authors in the status what became of them. A policy that is not valid
// keeps its last good spec in force.
package policies
