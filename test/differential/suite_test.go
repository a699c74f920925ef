// Package differential holds greenlight check --cluster to the webhook: whatever is applied, both have to
// say the same of it. Public manifests, the cases of the rules and mutations of both are judged by the
// program that is built, and sent to a real API server as a dry run, object by object. The Deployments among them, the
// cases of the mutators and others that are drawn have to stay valid to it with what is injected.
package differential

import (
	"context"
	"flag"
	"path/filepath"
	"slices"
	"testing"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"greenlight.dev/greenlight/test/cluster"
	"greenlight.dev/greenlight/test/fixture"
	"greenlight.dev/greenlight/test/install"
	"greenlight.dev/greenlight/test/specs"
)

var seed = flag.Uint64("seed", 1, "what is mutated, and how")

var (
	// compared is every situation of which both say something.
	compared []*situation
	// injectable are all in which a Deployment is applied, and more that only the mutators care for.
	injectable []*situation
)

func TestDifferential(t *testing.T) { specs.Run(t, "differential") }

// What is there before is stored before there is a guard, which would deny much of it.
var _ = BeforeSuite(func(ctx context.Context) {
	root, err := cluster.Root()
	Expect(err).NotTo(HaveOccurred())
	repository := filepath.Dir(root)
	compared = append(manifests(repository), ruleCases(repository)...)
	all := slices.Concat(compared, mutatorCases(repository), drawn())
	place(all)
	injectable = slices.DeleteFunc(slices.Clone(all), func(s *situation) bool { return s.applied.GetKind() != "Deployment" })
	unguarded, err := fixture.StartUnguarded(context.Background(), 0)
	Expect(err).NotTo(HaveOccurred())
	DeferCleanup(func() { Expect(unguarded.Stop()).To(Succeed()) })
	api := newAPI(unguarded)
	phase := stopwatch()
	api.each(ctx, all, api.prepare)
	phase("prepared")
	api.each(ctx, injectable, api.applyUnguarded)
	phase("applied unguarded")
	_, err = install.Install(ctx, unguarded.Cluster, install.Options{Repository: repository, Patient: true})
	Expect(err).NotTo(HaveOccurred())
	phase("installed")
	api.injectOnly(ctx)
	api.each(ctx, injectable, api.inject)
	phase("injected")
	api.govern(ctx, compared)
	phase("governed")
	since := time.Now()
	api.each(ctx, compared, api.apply)
	phase("applied")
	api.readAuditLog(ctx, compared, since)
	phase("audited")
	check(ctx, filepath.Join(repository, "bin", "greenlight"), unguarded.Kubeconfig(), compared)
	phase("checked")
}, NodeTimeout(15*time.Minute))

// stopwatch tells how long each phase took.
func stopwatch() func(phase string) {
	last := time.Now()
	return func(phase string) {
		GinkgoWriter.Printf("%s in %s\n", phase, time.Since(last).Round(time.Millisecond))
		last = time.Now()
	}
}
