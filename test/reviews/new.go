package reviews

import (
	"encoding/json"

	admissionv1 "k8s.io/api/admission/v1"
	authenticationv1 "k8s.io/api/authentication/v1"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/uuid"
	"k8s.io/client-go/kubernetes/scheme"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/client/apiutil"
)

// NewDryRun returns the body of the review of a dry run of a change of a built-in kind. A creation has no old object.
func NewDryRun(operation admissionv1.Operation, object, old client.Object) ([]byte, error) {
	kind, err := apiutil.GVKForObject(object, scheme.Scheme)
	if err != nil {
		return nil, err
	}
	resource, _ := meta.UnsafeGuessKindToResource(kind)
	request := &admissionv1.AdmissionRequest{
		UID: uuid.NewUUID(), Operation: operation, DryRun: new(true),
		Namespace: object.GetNamespace(), Name: object.GetName(),
		Kind: metav1.GroupVersionKind(kind), Resource: metav1.GroupVersionResource(resource),
		RequestKind: new(metav1.GroupVersionKind(kind)), RequestResource: new(metav1.GroupVersionResource(resource)),
		UserInfo: authenticationv1.UserInfo{Username: "jane", Groups: []string{"system:authenticated"}},
	}
	object.GetObjectKind().SetGroupVersionKind(kind)
	if request.Object.Raw, err = json.Marshal(object); err != nil {
		return nil, err
	}
	if old != nil {
		old.GetObjectKind().SetGroupVersionKind(kind)
		if request.OldObject.Raw, err = json.Marshal(old); err != nil {
			return nil, err
		}
	}
	review := admissionv1.AdmissionReview{Request: request}
	review.SetGroupVersionKind(admissionv1.SchemeGroupVersion.WithKind("AdmissionReview"))
	return json.Marshal(review)
}
