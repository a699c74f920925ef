package webhook

import (
	"github.com/go-json-experiment/json/jsontext"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"greenlight.dev/greenlight/api/v1alpha1"
	"greenlight.dev/greenlight/state"
)

// kind is a kind that Greenlight judges. Of its objects only the fields are decoded that rules and
// mutators read: a Deployment is mostly managedFields, status and environment, which cost more than all
// the rest.
type kind struct {
	resource string
	decode   func(object []byte) (state.Object, error)
}

var kinds = map[schema.GroupVersionKind]kind{
	state.Deployment: {resource: "deployments", decode: func(object []byte) (state.Object, error) {
		return decodeDeployment(object)
	}},
	state.ReplicaSet: {resource: "replicasets", decode: func(object []byte) (state.Object, error) {
		return decodeReplicaSet(object)
	}},
	state.StatefulSet: {resource: "statefulsets", decode: func(object []byte) (state.Object, error) {
		return decodeStatefulSet(object)
	}},
	state.Service: {resource: "services", decode: func(object []byte) (state.Object, error) {
		return decodeService(object)
	}},
	v1alpha1.RolloutPolicyKind: {resource: "rolloutpolicies", decode: func(object []byte) (state.Object, error) {
		return decodePolicy(object)
	}},
}

func typeMeta(kind schema.GroupVersionKind) metav1.TypeMeta {
	return metav1.TypeMeta{APIVersion: kind.GroupVersion().String(), Kind: kind.Kind}
}

func decodeService(object []byte) (*corev1.Service, error) {
	service := &corev1.Service{TypeMeta: typeMeta(state.Service)}
	d := newDecoder(object)
	return service, members(d, func(name []byte) error {
		switch string(name) {
		case "metadata":
			return readMetadata(d, &service.ObjectMeta)
		case "spec":
			return into(d, &service.Spec)
		}
		return skip(d)
	})
}

func decodePolicy(object []byte) (*v1alpha1.RolloutPolicy, error) {
	policy := &v1alpha1.RolloutPolicy{TypeMeta: typeMeta(v1alpha1.RolloutPolicyKind)}
	d := newDecoder(object)
	return policy, members(d, func(name []byte) error {
		switch string(name) {
		case "metadata":
			return readMetadata(d, &policy.ObjectMeta)
		case "spec":
			return into(d, &policy.Spec)
		}
		return skip(d)
	})
}

func readMetadata(d *jsontext.Decoder, meta *metav1.ObjectMeta) error {
	return members(d, func(name []byte) error {
		switch string(name) {
		case "name":
			return text(d, &meta.Name)
		case "generateName":
			return text(d, &meta.GenerateName)
		case "namespace":
			return text(d, &meta.Namespace)
		case "uid":
			return text(d, &meta.UID)
		case "resourceVersion":
			return text(d, &meta.ResourceVersion)
		case "generation":
			return number(d, &meta.Generation)
		case "labels":
			return texts(d, &meta.Labels)
		case "annotations":
			return readAnnotations(d, &meta.Annotations)
		case "deletionTimestamp":
			return into(d, &meta.DeletionTimestamp)
		case "ownerReferences":
			return into(d, &meta.OwnerReferences)
		}
		return skip(d)
	})
}

// readAnnotations leaves the value of kubectl's note empty: it is the whole object once more, and unquoting it would be
// a tenth of the work.
func readAnnotations(d *jsontext.Decoder, annotations *map[string]string) error {
	return eachText(d, annotations, func(key string, value *string) error {
		if key == corev1.LastAppliedConfigAnnotation {
			return skip(d)
		}
		return text(d, value)
	})
}
