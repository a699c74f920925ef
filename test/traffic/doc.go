// Package traffic holds Greenlight to its promise, on a real control plane and at random: a Service that
// had ready endpoints never drops to none because of a write that was admitted.
//
// Workers write what people, scripts and pipelines write (operations.go) to Services that each have a blue
// and a green workload (world.go). A monitor notes every change that the API server tells of (monitor.go,
// history.go). Afterwards the changes are replayed in the order in which they were made, each time that a
// Service ran empty is an outage, and each outage has a cause (replay.go, cause.go).
package traffic
