package install

import (
	"fmt"
	"path/filepath"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/runtime"

	"greenlight.dev/greenlight/test/cluster"
)

// ShippedResources are those of the webhook's container in config/default. GOMEMLIMIT is its request of memory there.
func ShippedResources() (corev1.ResourceRequirements, error) {
	none := corev1.ResourceRequirements{}
	root, err := cluster.Root()
	if err != nil {
		return none, err
	}
	folder := filepath.Join(filepath.Dir(root), "config", "default")
	objects, err := Render(folder)
	if err != nil {
		return none, err
	}
	for _, object := range objects {
		if object.GetKind() == "Deployment" && object.GetName() == Webhook {
			var deployment appsv1.Deployment
			err := runtime.DefaultUnstructuredConverter.FromUnstructured(object.Object, &deployment)
			if err != nil {
				return none, fmt.Errorf("reading Deployment %s of %s: %w", Webhook, folder, err)
			}
			return deployment.Spec.Template.Spec.Containers[0].Resources, nil
		}
	}
	return none, fmt.Errorf("%s has no Deployment %s", folder, Webhook)
}
