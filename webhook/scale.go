package webhook

import (
	"context"
	"fmt"
	"net/http"

	"github.com/go-json-experiment/json"
	appsv1 "k8s.io/api/apps/v1"
	autoscalingv1 "k8s.io/api/autoscaling/v1"

	"greenlight.dev/greenlight/state"
)

var scaleKind = autoscalingv1.SchemeGroupVersion.WithKind("Scale")

// scaled returns the workload that the scale subresource is of, as it would be and as it is. A Scale
// has neither labels nor a template, so the workload is read live.
func (v validator) scaled(ctx context.Context, request *review) (object, old state.Object, err error) {
	if request.name == "" {
		return nil, nil, refuse(http.StatusBadRequest, "the AdmissionReview has no request.name to scale")
	}
	found, err := v.state.List(ctx, state.Query{
		Kind: request.subjectKind(), Namespace: request.namespace, Name: request.name, Live: true,
	})
	if err != nil || len(found.Items) == 0 {
		return nil, nil, err
	}
	if object, err = withScale(found.Items[0], "object", request.object); err != nil {
		return nil, nil, err
	}
	old, err = withScale(found.Items[0], "oldObject", request.old)
	return object, old, err
}

// withScale returns the workload with the replicas of a Scale, which leaves them out at 0, and at its resource
// version: the workload that was read may be a newer one.
func withScale(workload state.Object, field string, data []byte) (state.Object, error) {
	var scale struct {
		Metadata struct {
			ResourceVersion string `json:"resourceVersion"`
		} `json:"metadata"`
		Spec struct {
			Replicas int32 `json:"replicas"`
		} `json:"spec"`
	}
	if err := json.Unmarshal(data, &scale); err != nil {
		return nil, refuse(http.StatusBadRequest, "request.%s is not a Scale: %v", field, explain(err))
	}
	object := workload.DeepCopyObject().(state.Object)
	object.SetResourceVersion(scale.Metadata.ResourceVersion)
	switch scaled := object.(type) {
	case *appsv1.Deployment:
		scaled.Spec.Replicas = &scale.Spec.Replicas
	case *appsv1.ReplicaSet:
		scaled.Spec.Replicas = &scale.Spec.Replicas
	case *appsv1.StatefulSet:
		scaled.Spec.Replicas = &scale.Spec.Replicas
	default:
		return nil, fmt.Errorf("a %T cannot be scaled", workload)
	}
	return object, nil
}
