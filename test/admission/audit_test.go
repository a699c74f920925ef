package admission

import (
	"context"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	appsv1 "k8s.io/api/apps/v1"
	auditv1 "k8s.io/apiserver/pkg/apis/audit/v1"

	"greenlight.dev/greenlight/test/auditlog"
	"greenlight.dev/greenlight/test/fixture"
)

var _ = Describe("the audit log", func() {
	It("says which policy governed a denied Deployment and what was found", func(ctx context.Context) {
		namespace := newNamespace(ctx)
		deployment := fixture.Deployment(namespace, "web", "1")
		deployment.Spec.Strategy.Type = appsv1.RecreateDeploymentStrategyType
		Expect(dryRun(ctx, deployment)).NotTo(Succeed())
		Eventually(annotations).WithContext(ctx).WithArguments(namespace).Should(And(
			HaveKeyWithValue("deployments.validate.greenlight.dev/policy", "baseline"),
			HaveKeyWithValue("deployments.validate.greenlight.dev/findings",
				`[{"rule":"recreate-strategy","mode":"deny","path":"spec.strategy.type"}]`),
		))
	})
})

// annotations returns those of the newest audit event of a namespace.
func annotations(_ context.Context, namespace string) map[string]string {
	events, err := auditlog.Read(guarded.AuditLog())
	Expect(err).NotTo(HaveOccurred())
	var newest map[string]string
	for _, event := range events {
		if event.ObjectRef != nil && event.ObjectRef.Namespace == namespace && event.Stage == auditv1.StageResponseComplete {
			newest = event.Annotations
		}
	}
	return newest
}
