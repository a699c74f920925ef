// Package admission tests what the API server and the webhook say to each other, with the manifests of
// config/ and without controllers: nothing happens after admission.
package admission

import (
	"context"
	"testing"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	appsv1 "k8s.io/api/apps/v1"

	"greenlight.dev/greenlight/test/fixture"
	"greenlight.dev/greenlight/test/specs"
)

var guarded *fixture.Guarded

func TestAdmission(t *testing.T) { specs.Run(t, "admission") }

var _ = BeforeSuite(func() {
	var err error
	guarded, err = fixture.Start(context.Background(), 0)
	Expect(err).NotTo(HaveOccurred())
	DeferCleanup(func() { Expect(guarded.Stop()).To(Succeed()) })
})

// newNamespace makes a namespace with the Service that leads to version 1, which Greenlight has seen.
func newNamespace(ctx context.Context) string {
	namespace, err := guarded.Namespace(ctx)
	Expect(err).NotTo(HaveOccurred())
	Expect(guarded.Client.Create(ctx, fixture.Service(namespace, "1"))).To(Succeed())
	recreated := fixture.Deployment(namespace, "web", "1")
	recreated.Spec.Strategy.Type = appsv1.RecreateDeploymentStrategyType
	expectDenied(ctx, recreated, "denied by recreate-strategy")
	return namespace
}
