package check

import (
	"encoding/json"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	appsv1apply "k8s.io/client-go/applyconfigurations/apps/v1"
	corev1apply "k8s.io/client-go/applyconfigurations/core/v1"

	"greenlight.dev/greenlight/state"
)

// onlyApplier returns who applies an object on the server side: empty where nobody does, or several do, of
// whom is not known who applies this manifest.
func onlyApplier(object state.Object) string {
	manager := ""
	for _, entry := range object.GetManagedFields() {
		switch {
		case entry.Operation != metav1.ManagedFieldsOperationApply || entry.Subresource != "":
		case manager != "" && manager != entry.Manager:
			return ""
		default:
			manager = entry.Manager
		}
	}
	return manager
}

// ownedBy returns the fields of an object that a manager owns, as JSON: nil for a kind that no rule judges.
func ownedBy(object state.Object, manager string) ([]byte, error) {
	var owned any
	var err error
	switch o := object.(type) {
	case *appsv1.Deployment:
		owned, err = appsv1apply.ExtractDeployment(o, manager)
	case *appsv1.ReplicaSet:
		owned, err = appsv1apply.ExtractReplicaSet(o, manager)
	case *appsv1.StatefulSet:
		owned, err = appsv1apply.ExtractStatefulSet(o, manager)
	case *corev1.Service:
		owned, err = corev1apply.ExtractService(o, manager)
	case *corev1.Namespace:
		owned, err = corev1apply.ExtractNamespace(o, manager)
	default:
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return json.Marshal(owned)
}
