package reports

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"greenlight.dev/greenlight/report"
	"greenlight.dev/greenlight/test/cluster"
)

var _ = Describe("a scanner whose API server is restarted", func() {
	It("goes on with what is changed then", func(ctx context.Context) {
		scanner := scan(ctx, flags())
		namespace := newNamespace(ctx)
		web := deploy(ctx, namespace, "web", 1)
		expectResults(ctx, report.OpenReports, web, "warn single-replica")
		first := since(ctx, report.OpenReports, web, "single-replica")

		restartAPIServer(ctx)
		change(ctx, web, func() { web.Spec.RevisionHistoryLimit = new(int32(0)) })
		api := deploy(ctx, namespace, "api", 1)
		Eventually(func(g Gomega, ctx context.Context) {
			// As a kubelet would: a scanner ends where the API server stays away for longer than its lease lasts.
			if !running("scanner").Alive {
				g.Expect(scanner.Restart(ctx)).To(Succeed())
			}
			g.Expect(results(ctx, report.OpenReports, web)).To(ConsistOf("warn single-replica", "warn no-rollback-history"))
			g.Expect(results(ctx, report.OpenReports, api)).To(ConsistOf("warn single-replica"))
		}).WithContext(ctx).WithTimeout(2 * time.Minute).Should(Succeed())
		Expect(since(ctx, report.OpenReports, web, "single-replica")).To(Equal(first))
	}, SpecTimeout(4*time.Minute))
})

// restartAPIServer ends the API server, and runs it anew as it ran.
func restartAPIServer(ctx context.Context) {
	line, err := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", running(cluster.APIServer).PID))
	Expect(err).NotTo(HaveOccurred())
	args := strings.Split(strings.TrimSuffix(string(line), "\x00"), "\x00")
	Expect(guarded.Run(cluster.APIServer, args[0], args[1:]...)).To(Succeed())
	Eventually(func(ctx context.Context) error {
		_, err := guarded.Kubectl(ctx, "", "get", "--raw", "/readyz")
		return err
	}).WithContext(ctx).Should(Succeed())
}

// running is a process of the cluster.
func running(name string) cluster.Process {
	processes := guarded.Processes()
	at := slices.IndexFunc(processes, func(p cluster.Process) bool { return p.Name == name })
	Expect(at).NotTo(Equal(-1))
	return processes[at]
}
