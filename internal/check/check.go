// Package check judges manifests in files by the rules, as the webhook would on a cluster that holds just
// them.
package check

import (
	"context"
	"io"
	"time"

	"greenlight.dev/greenlight/internal/engine"
)

// Options say what to check, and by what.
type Options struct {
	// Paths are files and folders, and - for Stdin.
	Paths []string
	Stdin io.Reader
	// Exclude are globs: what they match is not read.
	Exclude []string
	// Values are those of charts, on top of their own.
	Values map[string]any
	// Policy governs every object.
	Policy *engine.Policy
	// Namespace is that of the objects that name none.
	Namespace string
	// Complete says that the input is the whole namespace, so that absence may be concluded.
	Complete bool
	// AllowEmpty says that an input without any object is no error.
	AllowEmpty bool
	Now        time.Time
}

// Run checks the manifests. What is wrong with the input is in the result: the rest is judged all the same.
func Run(ctx context.Context, options Options) *Result {
	sources, faults := find(options)
	input := load(sources, options)
	result := &Result{Errors: append(faults, input.errors()...)}
	worlds := input.worlds()
	// Of several renderings none is all there is.
	options.Complete = options.Complete && len(worlds) == 1
	for _, objects := range worlds {
		result.judge(ctx, objects, options)
	}
	result.conclude(input, options)
	return result
}
