// Package switching points a Service at other pods once the engine finds nothing against it, by the same
// rules as the webhook.
package switching

import (
	"context"
	"errors"
	"fmt"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"greenlight.dev/greenlight/internal/engine"
	"greenlight.dev/greenlight/state"
)

// period is how long a look at the cluster is good for while the new target is waited for.
const period = time.Second

// ErrDenied is the error of a switch that was not made because a rule denies it.
var ErrDenied = errors.New("the switch is denied")

// Request is the switch that is asked for.
type Request struct {
	Namespace, Name string
	// To are the labels of the selector that change, with their new values.
	To map[string]string
	// Wait says to wait while a rule denies the switch.
	Wait bool
	// DryRun says to ask the API server whether it would make the switch, and not to make it.
	DryRun bool
}

// Switcher makes switches.
type Switcher struct {
	API    client.Client
	State  state.Reader
	Engine *engine.Engine
	// Show is called with each look at the cluster.
	Show func(Look) error
}

// Switch makes the switch and returns the look that let it pass. It returns ErrDenied where a rule denies it, and
// the error of the context where that ends while it waits: then nothing was changed.
func (s *Switcher) Switch(ctx context.Context, request Request) (Look, error) {
	ticker := time.NewTicker(period)
	defer ticker.Stop()
	started := time.Now()
	for {
		look, err := s.look(ctx, request)
		if err != nil {
			return look, err
		}
		look.Elapsed = time.Since(started)
		if err := s.Show(look); err != nil {
			return look, err
		}
		denied := look.Denied()
		if !denied {
			err := s.patch(ctx, look, request)
			// Somebody else has changed the Service since it was judged: it is judged anew.
			if !apierrors.IsConflict(err) {
				return look, err
			}
		}
		if denied && !request.Wait {
			return look, ErrDenied
		}
		select {
		case <-ctx.Done():
			return look, context.Cause(ctx)
		case <-ticker.C:
		}
	}
}

// patch changes the selector of the very version of the Service that was judged. Once begun it is not
// interrupted, because nobody would know then whether it was made.
func (s *Switcher) patch(ctx context.Context, look Look, request Request) error {
	if look.Change == "" {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 30*time.Second)
	defer cancel()
	options := []client.PatchOption{client.FieldOwner("greenlight")}
	if request.DryRun {
		options = append(options, client.DryRunAll)
	}
	from := client.MergeFromWithOptions(look.old, client.MergeFromWithOptimisticLock{})
	if err := s.API.Patch(ctx, look.updated, from, options...); err != nil {
		return fmt.Errorf("patching Service %s/%s: %w", request.Namespace, request.Name, err)
	}
	return nil
}
