// Package reports tests that the reports in a cluster end up right, whatever happens to the workloads, to the
// policies, to the reports and to the scanner.
package reports

import (
	"context"
	"testing"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"greenlight.dev/greenlight/test/fixture"
	"greenlight.dev/greenlight/test/install"
	"greenlight.dev/greenlight/test/specs"
)

var guarded *fixture.Guarded

func TestReports(t *testing.T) { specs.Run(t, "reports") }

var _ = BeforeSuite(func(ctx context.Context) {
	var err error
	guarded, err = fixture.StartPatient(context.Background(), 1)
	Expect(err).NotTo(HaveOccurred())
	DeferCleanup(func() { Expect(guarded.Stop()).To(Succeed()) })
	file, err := install.OpenReports(ctx)
	Expect(err).NotTo(HaveOccurred())
	Expect(install.CRD(ctx, guarded.Client, file)).To(Succeed())
})

// flags make a scanner quick, and keep its full passes out of what is tested.
func flags(more ...string) []string {
	return append([]string{"--debounce", "100ms", "--interval", "1h", "--qps", "500"}, more...)
}

// scan runs the scanner, in place of the one of an earlier test.
func scan(ctx context.Context, flags []string) *install.Scanner {
	scanner, err := guarded.Scanner(ctx, "scanner", flags...)
	Expect(err).NotTo(HaveOccurred())
	return scanner
}
