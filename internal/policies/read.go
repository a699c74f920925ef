package policies

import (
	"context"
	"fmt"

	"k8s.io/apimachinery/pkg/api/meta"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"greenlight.dev/greenlight/api/v1alpha1"
	"greenlight.dev/greenlight/internal/engine"
	"greenlight.dev/greenlight/rules"
)

// Read returns the policies that are in force in a cluster now: the built-in baseline where it has no
// RolloutPolicies.
func Read(ctx context.Context, api client.Reader, entries []rules.Entry) (*engine.Policies, error) {
	store := NewStore(entries)
	documents := &v1alpha1.RolloutPolicyList{}
	err := api.List(ctx, documents)
	if meta.IsNoMatchError(err) {
		return store.Policies(), nil
	}
	if err != nil {
		return nil, fmt.Errorf("reading the RolloutPolicies: %w", err)
	}
	store.replace(documents.Items)
	return store.Policies(), nil
}
