// Package check judges manifests in files by the rules, as the webhook would on a cluster that holds just
// them.
package check

import (
	"context"
	"io"
	"time"

	"greenlight.dev/greenlight/internal/engine"
	"greenlight.dev/greenlight/state"
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
	// Policies are those in force.
	Policies *engine.Policies
	// Namespace is that of the objects that name none.
	Namespace string
	// Complete says that the input is the whole namespace, so that absence may be concluded.
	Complete bool
	// Old are the files and folders with what was there before: the input is judged as a change of it. Empty
	// where the input is judged as it lies there.
	Old []string
	// Live is the cluster that the input is applied to: nil where it is judged by itself.
	Live state.Reader
	// AllowEmpty says that an input without any object is no error.
	AllowEmpty bool
	Now        time.Time
}

// Run checks the manifests. What is wrong with the input is in the result: the rest is judged all the same.
func Run(ctx context.Context, options Options) *Result {
	result := &Result{}
	input := result.read(options.Paths, options)
	if len(options.Old) > 0 {
		input.replace(result.read(options.Old, options))
	}
	worlds := input.worlds()
	// Of several renderings none is all there is.
	options.Complete = options.Complete && len(worlds) == 1
	for _, objects := range worlds {
		if err := result.judge(ctx, objects, options); err != nil {
			result.Errors = append(result.Errors, Error{Message: err.Error()})
		}
	}
	result.conclude(input, options)
	return result
}

// read loads what paths lead to, and tells what is wrong there.
func (r *Result) read(paths []string, options Options) input {
	sources, faults := find(paths, options)
	input := load(sources, options)
	r.Errors = append(append(r.Errors, faults...), input.errors()...)
	return input
}
