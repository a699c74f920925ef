// Package traffic says who serves a Service and what a change does to that: who serves, what is fully
// ready, what a rolling update takes down, what a switched selector leaves. Pure functions on typed
// Kubernetes objects.
package traffic
