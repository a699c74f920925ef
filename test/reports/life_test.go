package reports

import (
	"context"
	"path/filepath"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"greenlight.dev/greenlight/report"
	"greenlight.dev/greenlight/test/fixture"
	"greenlight.dev/greenlight/test/install"
)

var _ = Describe("a Report", Ordered, func() {
	BeforeAll(func(ctx context.Context) { scan(ctx, flags()) })

	followsItsWorkload(report.OpenReports)

	It("is not there for what Greenlight does not judge", func(ctx context.Context) {
		spared := deploy(ctx, "kube-system", "spared", 1)
		namespace := newNamespace(ctx)
		expectResults(ctx, report.OpenReports, deploy(ctx, namespace, "web", 1), "warn single-replica")
		Expect(stored(ctx, report.OpenReports, "kube-system")).To(BeEmpty())
		Expect(guarded.Client.Delete(ctx, spared)).To(Succeed())
	})

	It("goes with its namespace", func(ctx context.Context) {
		namespace := newNamespace(ctx)
		expectResults(ctx, report.OpenReports, deploy(ctx, namespace, "web", 1), "warn single-replica")
		Expect(guarded.Client.Delete(ctx, &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: namespace}})).To(Succeed())
		Eventually(func(ctx context.Context) bool {
			return apierrors.IsNotFound(guarded.Client.Get(ctx, client.ObjectKey{Name: namespace}, &corev1.Namespace{}))
		}).WithContext(ctx).Should(BeTrue())
	})
})

var _ = Describe("a PolicyReport", Ordered, func() {
	var scanner *install.Scanner

	It("is written once there is a CRD, without a restart", func(ctx context.Context) {
		scanner = scan(ctx, flags("--reports", "policyreport"))
		namespace := newNamespace(ctx)
		web := deploy(ctx, namespace, "web", 1)
		Eventually(scanner.Ready).WithContext(ctx).Should(MatchError(ContainSubstring("500 Internal Server Error")))
		Eventually(scanner.Count).WithContext(ctx).WithArguments("greenlight_violations", map[string]string{"rule": "single-replica"}).
			Should(BeNumerically(">", 0))

		installPolicyReports(ctx)
		Eventually(scanner.Ready).WithContext(ctx).Should(Succeed())
		expectResults(ctx, report.PolicyReport, web, "warn single-replica")
	})

	It("is written anew once a CRD that was removed is back", func(ctx context.Context) {
		before, whileAway := deploy(ctx, newNamespace(ctx), "web", 1), newNamespace(ctx)
		expectResults(ctx, report.PolicyReport, before, "warn single-replica")
		crd := &unstructured.Unstructured{}
		crd.SetGroupVersionKind(schema.GroupVersionKind{Group: "apiextensions.k8s.io", Version: "v1", Kind: "CustomResourceDefinition"})
		crd.SetName("policyreports.wgpolicyk8s.io")
		Expect(guarded.Client.Delete(ctx, crd)).To(Succeed())
		Eventually(scanner.Ready).WithContext(ctx).Should(MatchError(ContainSubstring("500 Internal Server Error")))
		during := deploy(ctx, whileAway, "web", 1)

		installPolicyReports(ctx)
		Eventually(scanner.Ready).WithContext(ctx).Should(Succeed())
		expectResults(ctx, report.PolicyReport, before, "warn single-replica")
		expectResults(ctx, report.PolicyReport, during, "warn single-replica")
	})

	followsItsWorkload(report.PolicyReport)
})

// installPolicyReports installs the CRD, again while one of before is still being deleted.
func installPolicyReports(ctx context.Context) {
	Eventually(func(ctx context.Context) error {
		return install.CRD(ctx, guarded.Client, filepath.Join("testdata", "wgpolicyk8s.io_policyreports.yaml"))
	}).WithContext(ctx).Should(Succeed())
}

// followsItsWorkload is the life of a report, for a scanner that keeps that format.
func followsItsWorkload(format report.Format) {
	It("says what is wrong with its workload, and belongs to it", func(ctx context.Context) {
		namespace := newNamespace(ctx)
		web := deploy(ctx, namespace, "web", 1)
		expectResults(ctx, format, web, "warn single-replica")
		found, err := storedOf(ctx, format, web)
		Expect(err).NotTo(HaveOccurred())
		Expect(found.GetOwnerReferences()).To(Equal(owner(web, "Deployment", "apps/v1")))
		Expect(found.GetLabels()).To(Equal(map[string]string{"app.kubernetes.io/managed-by": "greenlight"}))
		read, err := report.Read(found)
		Expect(err).NotTo(HaveOccurred())
		Expect(read.Policy).To(Equal("baseline"))
		Expect(read.Object).To(Equal(corev1.ObjectReference{APIVersion: "apps/v1", Kind: "Deployment", Namespace: namespace, Name: "web", UID: web.UID}))
		Expect(read.Summary).To(SatisfyAll(HaveField("Warn", 1), HaveField("Fail", 0), HaveField("Pass", BeNumerically(">", 10))))
	})

	It("keeps the time at which a result was first seen", func(ctx context.Context) {
		web := deploy(ctx, newNamespace(ctx), "web", 1)
		expectResults(ctx, format, web, "warn single-replica")
		first := since(ctx, format, web, "single-replica")
		Eventually(time.Now).WithContext(ctx).Should(BeTemporally(">=", first.Add(time.Second)))
		change(ctx, web, func() { web.Spec.RevisionHistoryLimit = new(int32(0)) })
		expectResults(ctx, format, web, "warn single-replica", "warn no-rollback-history")
		Expect(since(ctx, format, web, "single-replica")).To(Equal(first))
		Expect(since(ctx, format, web, "no-rollback-history")).To(BeTemporally(">", first))
	})

	It("loses a result that is mended, and stays for what passes", func(ctx context.Context) {
		web := deploy(ctx, newNamespace(ctx), "web", 1)
		expectResults(ctx, format, web, "warn single-replica")
		change(ctx, web, func() { web.Spec.Replicas = new(int32(3)) })
		expectResults(ctx, format, web)
	})

	It("changes when something around its workload does", func(ctx context.Context) {
		namespace, err := guarded.Namespace(ctx)
		Expect(err).NotTo(HaveOccurred())
		web := deploy(ctx, namespace, "web", 1)
		expectResults(ctx, format, web)
		service := fixture.Service(namespace, "1")
		Expect(guarded.Client.Create(ctx, service)).To(Succeed())
		expectResults(ctx, format, web, "warn single-replica")
		expectResults(ctx, format, service)
		Expect(guarded.Client.Delete(ctx, service)).To(Succeed())
		expectResults(ctx, format, web)
	})

	It("goes with its workload", func(ctx context.Context) {
		namespace, err := guarded.Namespace(ctx)
		Expect(err).NotTo(HaveOccurred())
		web := deploy(ctx, namespace, "web", 3)
		expectResults(ctx, format, web)
		Expect(guarded.Client.Delete(ctx, web)).To(Succeed())
		Eventually(func(ctx context.Context) bool {
			_, err := storedOf(ctx, format, web)
			return apierrors.IsNotFound(err)
		}).WithContext(ctx).Should(BeTrue())
	})
}
