// Package fix writes into manifests what the webhook would inject, and leaves all else in them as it is.
package fix

import (
	"cmp"
	"context"
	"runtime"
	"slices"

	"golang.org/x/sync/errgroup"

	"greenlight.dev/greenlight/internal/check"
	"greenlight.dev/greenlight/internal/cluster"
	"greenlight.dev/greenlight/state"
)

// Result is what is to be changed. Every list is sorted by file and line.
type Result struct {
	// Files are those that change.
	Files []File
	// Warnings are for the author of a Deployment that gets less than it asks for.
	Warnings []check.Error
	// Errors are what could not be read, and what could not be fixed.
	Errors []check.Error
}

// File is a file that changes.
type File struct {
	Name          string
	Before, After []byte
	Changes       []Change
}

// Change is one field that is given to an object.
type Change struct {
	// Place is where the field is in File.After.
	check.Place
	Object check.Object
	// Message says what was added, to what.
	Message string
}

// Run works out what the Deployments of the input lack: the Services in it say who serves. It writes nothing.
func Run(ctx context.Context, options check.Options) *Result {
	files, faults := check.Read(options)
	plain := cluster.NewManifests(objects(slices.DeleteFunc(slices.Clone(files), isRendered)), false)
	works := make([]*work, len(files))
	var group errgroup.Group
	group.SetLimit(runtime.GOMAXPROCS(0))
	for i, file := range files {
		group.Go(func() error {
			works[i] = &work{policies: options.Policies, state: plain, file: file}
			if file.Rendered {
				works[i].state = cluster.NewManifests(objects([]check.File{file}), false)
			}
			works[i].run(ctx)
			return nil
		})
	}
	_ = group.Wait() // What is wrong with a file is kept with it.
	return conclude(works, faults)
}

func conclude(works []*work, faults []check.Error) *Result {
	result := &Result{Errors: faults}
	for _, work := range works {
		result.Warnings = append(result.Warnings, work.warnings...)
		result.Errors = append(result.Errors, work.errors...)
		if len(work.changes) > 0 {
			result.Files = append(result.Files, File{work.file.Name, work.file.Data, work.out, work.changes})
		}
	}
	slices.SortStableFunc(result.Errors, func(a, b check.Error) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	return result
}

// objects returns those that are in files.
func objects(files []check.File) []state.Object {
	var objects []state.Object
	for _, file := range files {
		for _, manifest := range file.Manifests {
			objects = append(objects, manifest.Object)
		}
	}
	return objects
}

func isRendered(file check.File) bool { return file.Rendered }
