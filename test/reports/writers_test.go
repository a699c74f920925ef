package reports

import (
	"context"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"greenlight.dev/greenlight/report"
)

var _ = Describe("a report that another writer", Ordered, func() {
	BeforeAll(func(ctx context.Context) { scan(ctx, flags()) })

	It("changed is put right", func(ctx context.Context) {
		web := deploy(ctx, newNamespace(ctx), "web", 1)
		expectResults(ctx, report.OpenReports, web, "warn single-replica")
		first := since(ctx, report.OpenReports, web, "single-replica")
		found, err := storedOf(ctx, report.OpenReports, web)
		Expect(err).NotTo(HaveOccurred())
		forged := []byte(`{"results":[{"policy":"forged","result":"pass","timestamp":{"seconds":1,"nanos":0}}],"summary":{"warn":0}}`)
		Expect(guarded.Client.Patch(ctx, found, client.RawPatch("application/merge-patch+json", forged))).To(Succeed())
		expectResults(ctx, report.OpenReports, web, "warn single-replica")
		Expect(since(ctx, report.OpenReports, web, "single-replica")).NotTo(BeTemporally("<", first))
	})

	It("took away is written again", func(ctx context.Context) {
		web := deploy(ctx, newNamespace(ctx), "web", 1)
		expectResults(ctx, report.OpenReports, web, "warn single-replica")
		found, err := storedOf(ctx, report.OpenReports, web)
		Expect(err).NotTo(HaveOccurred())
		Expect(guarded.Client.Delete(ctx, found)).To(Succeed())
		expectResults(ctx, report.OpenReports, web, "warn single-replica")
	})
})
