package mutate

import (
	"context"
	"fmt"
)

// Mutate returns what a Deployment is to be given. It leaves a pod template alone that stays as it is
// or that the Deployment has rolled out before: changing either would start a rollout that nobody
// asked for.
func Mutate(ctx context.Context, request Request) (Result, error) {
	pass := &Pass{Request: request}
	for _, mutator := range All {
		if err := mutator.Run(ctx, pass); err != nil {
			return Result{}, fmt.Errorf("mutator %s: %w", mutator.ID, err)
		}
	}
	// Most Deployments have it all: they pay neither for a look into their JSON nor for a listing.
	if len(pass.patch) == 0 && len(pass.warnings) == 0 {
		return Result{}, nil
	}
	if free, err := pass.templateIsFree(ctx); err != nil || !free {
		return Result{}, err
	}
	if err := pass.writeRecord(); err != nil {
		return Result{}, err
	}
	return Result{Patch: pass.patch, Warnings: pass.warnings}, nil
}
