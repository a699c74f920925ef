package webhook

import (
	"context"
	"encoding/json"
	"fmt"

	admissionv1 "k8s.io/api/admission/v1"
	appsv1 "k8s.io/api/apps/v1"
	"sigs.k8s.io/controller-runtime/pkg/log"

	"greenlight.dev/greenlight/mutate"
)

// mutator answers with a JSON Patch that injects defaults.
type mutator struct {
	config  Config
	metrics *metrics
}

func (m mutator) review(ctx context.Context, request *review) (*admissionv1.AdmissionResponse, error) {
	object, err := request.decodeObject()
	if err != nil {
		return nil, err
	}
	deployment, ok := object.(*appsv1.Deployment)
	if !ok {
		return nil, fmt.Errorf("no mutator is written for a %T", object)
	}
	policy, err := m.config.Engine.Governing(ctx, deployment, m.config.State)
	if err != nil {
		return nil, err
	}
	tracePolicy(ctx, policy.Name)
	result, err := mutate.Mutate(ctx, mutate.Request{
		Deployment: deployment, Object: request.object, Old: request.old,
		Defaults: policy.Defaults(), State: m.config.State, SleepUnsupported: m.config.SleepUnsupported(),
	})
	if err != nil {
		return nil, err
	}
	response := &admissionv1.AdmissionResponse{Allowed: true}
	for _, text := range result.Warnings {
		response.Warnings = append(response.Warnings, warning(text))
	}
	return response, m.patch(ctx, request, response, result.Patch)
}

func (m mutator) patch(ctx context.Context, request *review, response *admissionv1.AdmissionResponse, operations mutate.Patch) error {
	if len(operations) == 0 {
		return nil
	}
	patch, err := json.Marshal(operations)
	if err != nil {
		return fmt.Errorf("writing the patch: %w", err)
	}
	response.Patch, response.PatchType = patch, new(admissionv1.PatchTypeJSONPatch)
	m.metrics.patched(request)
	if logger := log.FromContext(ctx).V(1); logger.Enabled() {
		logger.Info("patched", append(request.keysAndValues(), "patch", string(patch))...)
	}
	return nil
}
