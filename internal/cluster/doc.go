// Package cluster is the state of the cluster: from an informer cache, from live reads, from a set of
// manifests. All three answer a query alike.
package cluster
