package install

import (
	"fmt"
	"path/filepath"
	"strings"
	"time"

	admissionregistrationv1 "k8s.io/api/admissionregistration/v1"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/runtime"

	"greenlight.dev/greenlight/test/cluster"
)

// ShippedResources are those of the webhook's container in config/default. GOMEMLIMIT is its request of memory there.
func ShippedResources() (corev1.ResourceRequirements, error) {
	container, err := shippedContainer()
	return container.Resources, err
}

// ShippedDrain is for how long a webhook of config/default answers after SIGTERM.
func ShippedDrain() (time.Duration, error) {
	container, err := shippedContainer()
	if err != nil {
		return 0, err
	}
	return Drain(container)
}

// Drain is for how long the webhook of a container answers after SIGTERM.
func Drain(container corev1.Container) (time.Duration, error) {
	for _, arg := range container.Args {
		if value, ok := strings.CutPrefix(arg, "--drain="); ok {
			return time.ParseDuration(value)
		}
	}
	return 0, fmt.Errorf("container %s has no --drain among %q", container.Name, container.Args)
}

// ShippedTimeout is for how long the API server waits for one of the validating webhooks of config/default.
func ShippedTimeout(webhook string) (time.Duration, error) {
	var configuration admissionregistrationv1.ValidatingWebhookConfiguration
	if err := shipped("ValidatingWebhookConfiguration", "greenlight", &configuration); err != nil {
		return 0, err
	}
	for _, shipped := range configuration.Webhooks {
		if shipped.Name == webhook && shipped.TimeoutSeconds != nil {
			return time.Duration(*shipped.TimeoutSeconds) * time.Second, nil
		}
	}
	return 0, fmt.Errorf("config/default states no timeoutSeconds of %s", webhook)
}

func shippedContainer() (corev1.Container, error) {
	var deployment appsv1.Deployment
	if err := shipped("Deployment", Webhook, &deployment); err != nil {
		return corev1.Container{}, err
	}
	return deployment.Spec.Template.Spec.Containers[0], nil
}

// shipped decodes an object of config/default.
func shipped(kind, name string, into any) error {
	root, err := cluster.Root()
	if err != nil {
		return err
	}
	folder := filepath.Join(filepath.Dir(root), "config", "default")
	objects, err := Render(folder)
	if err != nil {
		return err
	}
	for _, object := range objects {
		if object.GetKind() != kind || object.GetName() != name {
			continue
		}
		if err := runtime.DefaultUnstructuredConverter.FromUnstructured(object.Object, into); err != nil {
			return fmt.Errorf("reading %s %s of %s: %w", kind, name, folder, err)
		}
		return nil
	}
	return fmt.Errorf("%s has no %s %s", folder, kind, name)
}
