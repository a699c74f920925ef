package fix

import (
	"context"
	"encoding/json"
	"fmt"

	jsonpatch "github.com/evanphx/json-patch/v5"
	appsv1 "k8s.io/api/apps/v1"

	"greenlight.dev/greenlight/internal/check"
	"greenlight.dev/greenlight/mutate"
)

// need is what a Deployment lacks.
type need struct {
	check.Manifest
	deployment *appsv1.Deployment
	operations mutate.Patch
	// patch applies to the document in which the Deployment is written.
	patch jsonpatch.Patch
}

// needOf returns what a Deployment lacks, and what its author should know.
func (w *work) needOf(ctx context.Context, manifest check.Manifest, deployment *appsv1.Deployment) (need, []string, error) {
	object, err := manifest.Document.JSON()
	if err != nil {
		return need{}, nil, err
	}
	// A policy of the command line governs in every namespace.
	policy := w.policies.Governing(nil, deployment.Labels)
	result, err := mutate.Mutate(ctx, mutate.Request{
		Deployment: deployment, Object: object, Defaults: policy.Defaults(), State: w.state, Unrecorded: true,
	})
	if err != nil {
		return need{}, nil, err
	}
	patch, err := inDocument(result.Patch, string(manifest.Document.Pointer))
	return need{manifest, deployment, result.Patch, patch}, result.Warnings, err
}

// inDocument returns a patch of an object as one of the document that has the object at pointer.
func inDocument(operations mutate.Patch, pointer string) (jsonpatch.Patch, error) {
	moved := make(mutate.Patch, len(operations))
	for i, operation := range operations {
		operation.Path = pointer + operation.Path
		moved[i] = operation
	}
	encoded, err := json.Marshal(moved)
	if err != nil {
		return nil, fmt.Errorf("writing the patch: %w", err)
	}
	return jsonpatch.DecodePatch(encoded)
}
