package webhook

import (
	"net/http"
	"strings"

	admissionv1 "k8s.io/api/admission/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"greenlight.dev/greenlight/state"
)

// writes says that the operation leaves an object behind, which is what rules judge.
func (r *review) writes() bool {
	return r.operation == admissionv1.Create || r.operation == admissionv1.Update
}

func (r *review) checkObjects() error {
	switch {
	case r.object == nil:
		return refuse(http.StatusBadRequest, "the AdmissionReview has no request.object to %s", r.operation)
	case r.old == nil && r.operation == admissionv1.Update:
		return refuse(http.StatusBadRequest, "the AdmissionReview has no request.oldObject to %s", r.operation)
	}
	return nil
}

// checkDeleted looks for the object that is deleted: the API server sends it as the old one.
func (r *review) checkDeleted() error {
	if r.old == nil {
		return refuse(http.StatusBadRequest, "the AdmissionReview has no request.oldObject to %s", r.operation)
	}
	return nil
}

// scales says that the review is of the scale subresource.
func (r *review) scales() bool { return r.subResource == "scale" && r.kind == scaleKind }

// subjectKind is the kind of the object under review: of the scale subresource the workload's.
func (r *review) subjectKind() schema.GroupVersionKind {
	if !r.scales() {
		return r.kind
	}
	for workload, kind := range kinds {
		if kind.resource == r.resource && workload.Group == state.Deployment.Group {
			return workload
		}
	}
	return r.kind
}

// decodeObject decodes the object under review: of a deletion what is deleted.
func (r *review) decodeObject() (state.Object, error) {
	if r.operation == admissionv1.Delete {
		return r.decodeField("oldObject", r.old)
	}
	return r.decodeField("object", r.object)
}

// decodeOld decodes what the object replaces: nil unless it is updated.
func (r *review) decodeOld() (state.Object, error) {
	if r.operation != admissionv1.Update {
		return nil, nil
	}
	return r.decodeField("oldObject", r.old)
}

func (r *review) decodeField(field string, data []byte) (state.Object, error) {
	object, err := kinds[r.kind].decode(data)
	if err != nil {
		return nil, refuse(http.StatusBadRequest, "request.%s is not a %s: %v", field, r.kind.Kind, explain(err))
	}
	if object.GetNamespace() == "" {
		object.SetNamespace(r.namespace)
	}
	return object, nil
}

// label is the resource as a label of metrics.
func (r *review) label() string { return kinds[r.subjectKind()].resource }

// subject names the object under review: "Deployment shop/web", "RolloutPolicy strict".
func (r *review) subject(object state.Object) string {
	name := r.name
	if name == "" {
		name = object.GetName()
	}
	if name == "" {
		name = object.GetGenerateName() + "…"
	}
	return r.subjectKind().Kind + " " + strings.TrimPrefix(r.namespace+"/"+name, "/")
}

// keysAndValues describes the review in a line of the log.
func (r *review) keysAndValues() []any {
	return []any{
		"uid", r.uid, "operation", r.operation, "resource", r.label(),
		"namespace", r.namespace, "name", r.name, "user", r.user.Name, "dryRun", r.dryRun,
	}
}
