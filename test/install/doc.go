// Package install puts Greenlight on a cluster of this machine, with the manifests of config/ and the
// webhook as a process beside the API server. The suites and the demo stand on it.
package install
