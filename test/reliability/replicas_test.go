package reliability

import (
	"context"
	"fmt"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"golang.org/x/sys/unix"
)

var _ = Describe("three replicas under load", Serial, Ordered, func() {
	names := []string{"replica-1", "replica-2", "replica-3"}
	var b *balancer

	BeforeAll(func(ctx context.Context) { b = balance(ctx, names...) })

	It("lose no call while they are restarted one by one", func(ctx context.Context) {
		rounds := 1
		if *long {
			rounds = 10
		}
		load := startLoad(b.newCall)
		defer load.stop()
		for range rounds {
			for _, replica := range b.replicas {
				Expect(replica.Terminate(ctx)).To(Succeed())
				Expect(replica.Restart(ctx)).To(Succeed())
				Eventually(b.isReady).WithArguments(replica.Name()).WithContext(ctx).Should(BeTrue())
			}
		}
		answered, failures := load.stop()
		AddReportEntry("calls answered", fmt.Sprintf("%d in %d restarts", answered, rounds*len(b.replicas)))
		Expect(failures).To(BeEmpty())
		Expect(answered).To(BeNumerically(">", rounds*rate))
		Expect(b.refusals()).To(BeZero(), "a connection came to a replica that took none any more")
	}, SpecTimeout(15*time.Minute))

	DescribeTable("lose no more calls than one held connections when it", func(ctx context.Context, signal unix.Signal) {
		Eventually(b.open).WithContext(ctx).Should(BeZero(), "what the spec before it held")
		load := startLoad(b.newCall)
		defer load.stop()
		Eventually(b.open).WithContext(ctx).Should(Equal(callers))
		broken := b.busiest()
		before := b.endedFor(broken.Name())
		since := time.Now()
		Expect(guarded.Signal(broken.Name(), signal)).To(Succeed())
		DeferCleanup(func(ctx context.Context) { Expect(broken.Restart(ctx)).To(Succeed()) })

		Eventually(b.isReady).WithArguments(broken.Name()).WithContext(ctx).Should(BeFalse())
		Eventually(load.quietFor).WithArguments(since).WithContext(ctx).Should(BeNumerically(">", callTimeout+time.Second))
		answered, failures := load.stop()
		// Among them are those that it took while it ended: a killed process has its port until the kernel comes to it.
		held := b.endedFor(broken.Name()) - before
		last := since
		for _, failure := range failures {
			last = failure.at
		}
		AddReportEntry("lost", fmt.Sprintf("%d calls over %d connections, %d answered; the last after %s", len(failures), held, answered, last.Sub(since).Round(time.Millisecond)))
		Expect(len(failures)).To(BeNumerically("<=", held), "%s", failures)
	},
		Entry("stops answering", unix.SIGSTOP),
		Entry("is killed", unix.SIGKILL),
	)
})

// newCall returns a caller that keeps its connection until the spec ends.
func (b *balancer) newCall() func(context.Context) error {
	return newCaller(b.trusted(), b.url(""))
}

// quietFor returns how long no call has failed, since a time or the last failure.
func (l *load) quietFor(since time.Time) time.Duration {
	_, failures := l.result()
	for _, failure := range failures {
		since = failure.at
	}
	return time.Since(since)
}
