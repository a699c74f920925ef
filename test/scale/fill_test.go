package scale

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"golang.org/x/sync/errgroup"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"greenlight.dev/greenlight/test/fixture"
)

// fill makes the workloads.
func fill(t *testing.T, admin client.Client, namespaces int) {
	t.Helper()
	group, ctx := errgroup.WithContext(t.Context())
	group.SetLimit(writers)
	for n := range namespaces {
		group.Go(func() error { return fillNamespace(ctx, admin, fmt.Sprintf("scale-%d", n)) })
	}
	must(t, group.Wait())
}

func fillNamespace(ctx context.Context, admin client.Client, namespace string) error {
	err := admin.Create(ctx, &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: namespace}})
	for n := range deploymentsPerNamespace {
		version := fmt.Sprint(n)
		deployment := fixture.Deployment(namespace, "web-"+version, version)
		if n%faultEvery == 0 {
			deployment.Spec.Replicas = new(int32(1))
		}
		err = errors.Join(err, admin.Create(ctx, deployment))
		for s := range servicesPerDeployment {
			service := fixture.Service(namespace, version)
			service.Name = fmt.Sprintf("web-%d-%d", n, s)
			// To give out addresses takes the API server longer than all the rest.
			service.Spec.ClusterIP = corev1.ClusterIPNone
			err = errors.Join(err, admin.Create(ctx, service))
		}
	}
	return err
}
