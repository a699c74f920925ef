package webhook

import (
	"net/http"

	"github.com/go-json-experiment/json"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"

	"greenlight.dev/greenlight/state"
)

// template decodes the whole pod template of the Deployment under review.
func (r *review) template() (*corev1.PodTemplateSpec, error) {
	return r.templateOf("object", r.object)
}

func (r *review) templateOf(field string, data []byte) (*corev1.PodTemplateSpec, error) {
	var object struct {
		Spec struct {
			Template corev1.PodTemplateSpec `json:"template"`
		} `json:"spec"`
	}
	if err := json.Unmarshal(data, &object); err != nil {
		return nil, refuse(http.StatusBadRequest, "request.%s is not a %s: %v", field, r.kind.Kind, explain(err))
	}
	return &object.Spec.Template, nil
}

// completeTemplates decodes all of both templates of an update that leaves a Deployment paused: a rule
// asks whether they differ, and a Deployment is seldom paused.
func (r *review) completeTemplates(object, old state.Object) error {
	updated, ok := object.(*appsv1.Deployment)
	if !ok || old == nil || !updated.Spec.Paused {
		return nil
	}
	after, err := r.template()
	if err != nil {
		return err
	}
	before, err := r.templateOf("oldObject", r.old)
	if err != nil {
		return err
	}
	updated.Spec.Template, old.(*appsv1.Deployment).Spec.Template = *after, *before
	return nil
}
