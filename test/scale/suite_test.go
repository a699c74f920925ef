// Package scale measures what a large cluster costs: a scan of it, and the webhook that guards it.
package scale

import "flag"

// long asks for the sizes that docs/ states figures for.
var long = flag.Bool("long", false, "a cluster of 10,000 Deployments")

const (
	// writers fill a cluster.
	writers  = 16
	mebibyte = 1 << 20
)
