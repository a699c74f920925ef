package e2e

import (
	"context"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
)

var _ = Describe(decisionTable, func() {
	It("a quota that keeps pods from being made is named", func(ctx context.Context) {
		namespace, err := guarded.Namespace(ctx)
		Expect(err).NotTo(HaveOccurred())
		w := world{release{namespace}}
		w.create(ctx, w.workload("blue", 1))
		w.waitAvailable(ctx, "blue")
		w.create(ctx, quota(namespace, 2))
		w.create(ctx, w.workload("green", 2))
		Eventually(w.replicaSets).WithContext(ctx).WithArguments("green").Should(ContainElement(HaveField("Status.Conditions", Not(BeEmpty()))))
		w.waitRunning(ctx, "green", 1)
		w.judge(ctx, row{to: to("green"), denied: "selector version blue → green: ReplicaSet green-1 is not fully ready (1/2 available): " +
			`FailedCreate (pods "green-1-x" is forbidden: exceeded quota: pods, requested: pods=1, used: pods=2, limited: pods=2). ` + retryAfter("deployment", "green")})
	})
})
