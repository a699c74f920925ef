package permissions

import (
	"context"
	"fmt"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"greenlight.dev/greenlight/api/v1alpha1"

	"greenlight.dev/greenlight/test/fixture"
)

// serving are the labels that the Service selects, whatever the version.
var serving = map[string]string{"app": fixture.App}

// provokeWebhook makes the webhook read and write all that its rules may ask for.
func (c *cluster) provokeWebhook() {
	namespace := c.namespace()
	c.waitAccepted("told", func(spec *v1alpha1.RolloutPolicySpec) { spec.Priority = -1 })
	service := fixture.Service(namespace, "1")
	service.Spec.Selector = serving
	c.create(service, claim(namespace), withVolume(fixture.Deployment(namespace, "stored", "0")),
		fixture.Deployment(namespace, "blue", "1"), statefulSet(namespace, "2"))
	c.waitForPods(namespace, 6)
	c.deniesSwitch(namespace)
	c.switchesWhatGoes(namespace)
	// The pods of the StatefulSet serve on, which the webhook sees from their owners.
	c.eventually("deleting blue", func(ctx context.Context) error {
		return c.Client.Delete(ctx, fixture.Deployment(namespace, "blue", "1"))
	})
	// And those of a ReplicaSet, seen the same way.
	c.create(fixture.Deployment(namespace, "green", "3"))
	c.waitForPods(namespace, 6)
	c.eventually("deleting the StatefulSet", func(ctx context.Context) error {
		return c.Client.Delete(ctx, statefulSet(namespace, "2"))
	})
}

// deniesSwitch takes an announcement back, because what it announces is denied.
func (c *cluster) deniesSwitch(namespace string) {
	c.Helper()
	c.eventually("a denied switch", func(ctx context.Context) error {
		service := &corev1.Service{}
		if err := c.Client.Get(ctx, client.ObjectKey{Namespace: namespace, Name: fixture.App}, service); err != nil {
			return err
		}
		service.Spec.Selector = fixture.Labels("9")
		if err := c.Client.Update(ctx, service); !apierrors.IsForbidden(err) {
			return fmt.Errorf("it is answered with %w", err)
		}
		return nil
	})
}

// switchesWhatGoes leaves behind the announcement of a switch of a Service that is gone. Before the switch, the
// endpoints of the Service are those that somebody writes.
func (c *cluster) switchesWhatGoes(namespace string) {
	c.Helper()
	service := fixture.Service(namespace, "1")
	service.Name, service.Spec.Selector = "by-hand", nil
	c.create(service)
	service.Spec.Selector = serving
	c.eventually("a switch", func(ctx context.Context) error { return c.Client.Update(ctx, service) })
	c.eventually("deleting the Service", func(ctx context.Context) error { return c.Client.Delete(ctx, service) })
}
