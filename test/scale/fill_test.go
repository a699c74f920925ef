package scale

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"golang.org/x/sync/errgroup"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"greenlight.dev/greenlight/test/fixture"
)

// content is what a cluster is filled with.
type content struct {
	namespaces int
	// deployments are those of each namespace, and services those of each Deployment.
	deployments, services int
	// deploy writes one of the Deployments of a namespace.
	deploy func(ctx context.Context, admin client.Client, namespace string, number int) error
}

// fill makes the workloads.
func fill(t *testing.T, admin client.Client, c content) {
	t.Helper()
	c.each(t, func(ctx context.Context, namespace string) error { return c.fillNamespace(ctx, admin, namespace) })
}

// each does something in many namespaces at once.
func (c content) each(t *testing.T, do func(ctx context.Context, namespace string) error) {
	t.Helper()
	group, ctx := errgroup.WithContext(t.Context())
	group.SetLimit(writers)
	for n := range c.namespaces {
		group.Go(func() error { return do(ctx, namespaceName(n)) })
	}
	must(t, group.Wait())
}

func (c content) fillNamespace(ctx context.Context, admin client.Client, namespace string) error {
	err := admin.Create(ctx, &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: namespace}})
	for n := range c.deployments {
		err = errors.Join(err, c.deploy(ctx, admin, namespace, n))
		for s := range c.services {
			service := fixture.Service(namespace, fmt.Sprint(n))
			service.Name = serviceName(n, s)
			// To give out addresses takes the API server longer than all the rest.
			service.Spec.ClusterIP = corev1.ClusterIPNone
			err = errors.Join(err, admin.Create(ctx, service))
		}
	}
	return err
}

func namespaceName(number int) string { return fmt.Sprintf("scale-%d", number) }

func deploymentName(number int) string { return fmt.Sprintf("web-%d", number) }

func serviceName(deployment, number int) string { return fmt.Sprintf("web-%d-%d", deployment, number) }

// newDeployment returns a Deployment whose version is its number.
func newDeployment(namespace string, number int, replicas int32) *appsv1.Deployment {
	deployment := fixture.Deployment(namespace, deploymentName(number), fmt.Sprint(number))
	deployment.Spec.Replicas = &replicas
	return deployment
}
