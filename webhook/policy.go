package webhook

import (
	"context"
	"fmt"
	"strings"

	admissionv1 "k8s.io/api/admission/v1"

	"greenlight.dev/greenlight/api/v1alpha1"
	"greenlight.dev/greenlight/internal/engine"
	"greenlight.dev/greenlight/rules"
)

// policyValidator answers whether a RolloutPolicy could be put in force.
type policyValidator struct {
	rules   []rules.Entry
	metrics *metrics
}

func (v policyValidator) review(_ context.Context, request *review) (*admissionv1.AdmissionResponse, error) {
	object, err := request.decodeObject()
	if err != nil {
		return nil, err
	}
	document, ok := object.(*v1alpha1.RolloutPolicy)
	if !ok {
		return nil, fmt.Errorf("a %T is no RolloutPolicy", object)
	}
	if _, err := engine.NewPolicy(document, v.rules); err != nil {
		v.metrics.decided(request, string(v1alpha1.Deny), "")
		return &admissionv1.AdmissionResponse{Result: forbidden(invalid(request.subject(object), err))}, nil
	}
	v.metrics.decided(request, "allow", "")
	return &admissionv1.AdmissionResponse{Allowed: true}, nil
}

// invalid tells everything that is wrong with a policy at once.
func invalid(subject string, err error) string {
	faults := engine.Faults(err)
	if len(faults) == 1 {
		return fmt.Sprintf("%s is not valid: %s", subject, faults[0])
	}
	return fmt.Sprintf("%s is not valid in %d places:\n- %s", subject, len(faults), strings.Join(faults, "\n- "))
}
