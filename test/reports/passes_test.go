package reports

import (
	"context"
	"fmt"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	eventsv1 "k8s.io/api/events/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"greenlight.dev/greenlight/report"
)

var _ = Describe("a scanner", Ordered, func() {
	It("writes nothing in a full pass over a cluster that did not change", func(ctx context.Context) {
		namespace := newNamespace(ctx)
		expectReports := func(count int) {
			Eventually(stored).WithContext(ctx).WithArguments(report.OpenReports, namespace).Should(HaveLen(count))
		}
		scanner := scan(ctx, flags("--interval", "1s"))
		deploy(ctx, namespace, "web", 1)
		expectReports(2)
		quiet, err := passes(ctx, scanner)
		Expect(err).NotTo(HaveOccurred())
		Eventually(passes).WithContext(ctx).WithArguments(scanner).Should(BeNumerically(">=", quiet+2))

		written, before := writes(ctx, scanner), versions(ctx, report.OpenReports, "")
		reached, err := passes(ctx, scanner)
		Expect(err).NotTo(HaveOccurred())
		Eventually(passes).WithContext(ctx).WithArguments(scanner).Should(BeNumerically(">=", reached+3))
		Expect(writes(ctx, scanner)).To(Equal(written))
		Expect(versions(ctx, report.OpenReports, "")).To(Equal(before))
	})

	It("waits while another one leads, and takes over from it", func(ctx context.Context) {
		first := scan(ctx, flags())
		Eventually(passes).WithContext(ctx).WithArguments(first).Should(BeNumerically(">=", 1))
		second, err := guarded.Scanner(ctx, "scanner-2", flags()...)
		Expect(err).NotTo(HaveOccurred())
		Eventually(second.Ready).WithContext(ctx).Should(Succeed())
		namespace := newNamespace(ctx)
		expectResults(ctx, report.OpenReports, deploy(ctx, namespace, "web", 1), "warn single-replica")
		Expect(writes(ctx, second)).To(BeZero())

		Expect(first.Stop()).To(Succeed())
		Eventually(passes).WithContext(ctx).WithArguments(second).Should(BeNumerically(">=", 1))
		expectResults(ctx, report.OpenReports, deploy(ctx, namespace, "api", 1), "warn single-replica")
		Expect(writes(ctx, second)).To(BeNumerically(">", 0))
		Expect(second.Stop()).To(Succeed())
	})

	It("goes on with what is left after it was killed in the middle of a pass", func(ctx context.Context) {
		const count = 60
		namespace := newNamespace(ctx)
		for i := range count {
			deploy(ctx, namespace, fmt.Sprintf("web-%d", i), 1)
		}
		// None runs until here: so the one that begins now is slower than whoever kills it.
		scanner := scan(ctx, flags("--qps", "4"))
		Eventually(stored).WithContext(ctx).WithArguments(report.OpenReports, namespace).
			Should(WithTransform(func(found []unstructured.Unstructured) int { return len(found) }, BeNumerically(">", 5)))
		Expect(scanner.Kill()).To(Succeed())
		before := versions(ctx, report.OpenReports, namespace)
		Expect(len(before)).To(BeNumerically("<", count))
		scan(ctx, flags())
		Eventually(stored).WithContext(ctx).WithTimeout(2*time.Minute).WithArguments(report.OpenReports, namespace).Should(HaveLen(count + 1))
		after := versions(ctx, report.OpenReports, namespace)
		for name, version := range before {
			Expect(after).To(HaveKeyWithValue(name, version))
		}
	}, SpecTimeout(4*time.Minute))

	It("writes an event for a finding that is new, once, where it is told to", func(ctx context.Context) {
		scanner := scan(ctx, flags("--events", "--interval", "1s"))
		web := deploy(ctx, newNamespace(ctx), "web", 1)
		told := func(ctx context.Context) ([]string, error) {
			var events eventsv1.EventList
			err := guarded.Client.List(ctx, &events, client.InNamespace(web.Namespace))
			var notes []string
			for _, event := range events.Items {
				if event.Regarding.UID == web.UID && event.ReportingController == "greenlight-scanner" {
					notes = append(notes, event.Reason+" "+event.Note)
				}
			}
			return notes, err
		}
		note := HavePrefix("RolloutViolation single-replica: ")
		Eventually(told).WithContext(ctx).Should(ConsistOf(note))
		reached, err := passes(ctx, scanner)
		Expect(err).NotTo(HaveOccurred())
		Eventually(passes).WithContext(ctx).WithArguments(scanner).Should(BeNumerically(">=", reached+2))
		Expect(told(ctx)).To(ConsistOf(note))
	})
})
