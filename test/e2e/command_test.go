package e2e

import (
	"context"
	"os"
	"os/exec"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/onsi/gomega/gbytes"
	"github.com/onsi/gomega/gexec"
	corev1 "k8s.io/api/core/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"greenlight.dev/greenlight/test/fixture"
)

var _ = Describe("greenlight switch", func() {
	var r release

	BeforeEach(func(ctx context.Context) {
		r = newRelease(ctx)
		r.create(ctx, fixture.Unready(fixture.Deployment(r.namespace, "green", "2")))
		Eventually(r.pods).WithContext(ctx).WithArguments("2").Should(HaveLen(3))
	})

	start := func(flags ...string) *gexec.Session {
		args := append([]string{"switch", "service/hello", "-n", r.namespace, "--to", "version=2"}, flags...)
		command := exec.Command("../../bin/greenlight", args...)
		command.Env = append(os.Environ(), "KUBECONFIG="+guarded.Kubeconfig())
		session, err := gexec.Start(command, GinkgoWriter, GinkgoWriter)
		Expect(err).NotTo(HaveOccurred())
		DeferCleanup(session.Kill)
		return session
	}
	version := func(ctx context.Context) string {
		service := &corev1.Service{}
		Expect(guarded.Client.Get(ctx, client.ObjectKey{Namespace: r.namespace, Name: fixture.App}, service)).To(Succeed())
		return service.Spec.Selector["version"]
	}

	It("says the same as the webhook where it is denied, and changes nothing", func(ctx context.Context) {
		session := start()
		Eventually(session).WithContext(ctx).Should(gexec.Exit(1))
		Expect(session.Err).To(gbytes.Say(`(?s)the Service is as it was\.
Denied by service-switch-not-ready: selector version 1 → 2: ReplicaSet green-\w+ is not fully ready \(0/3 available\): .*
    fix: Retry when "kubectl rollout status -n %s deployment/green" succeeds\.
    see https://greenlight.dev/rules/service-switch-not-ready`, r.namespace))
		Expect(version(ctx)).To(Equal("1"))
	})

	It("waits until all of green is ready, and shows how far it is", func(ctx context.Context) {
		session := start("--wait")
		Eventually(session).WithContext(ctx).Should(gbytes.Say(`\d+s Service %s/hello: selector version 1 → 2\n`, r.namespace))
		Eventually(session).WithContext(ctx).Should(gbytes.Say(`ReplicaSet green-\w+ 0/3 available: green-\w+-\w+: `))
		r.setReady(ctx, "2", 2, "true")
		Eventually(session).WithContext(ctx).Should(gbytes.Say(`ReplicaSet green-\w+ 2/3 available: green-\w+-\w+: readiness probe of container "web" failing`))
		Expect(version(ctx)).To(Equal("1"))
		r.setReady(ctx, "2", 3, "true")
		Eventually(session).WithContext(ctx).Should(gexec.Exit(0))
		Expect(session).To(gbytes.Say(`Service %s/hello selects app=hello,version=2\.\n`, r.namespace))
		Expect(session).To(gbytes.Say(`Its ready endpoints are green-\w+-\w+, green-\w+-\w+, green-\w+-\w+\.\n`))
		Expect(version(ctx)).To(Equal("2"))
	})

	It("gives up in time, and leaves the Service as it was", func(ctx context.Context) {
		session := start("--wait", "--timeout=10s")
		Eventually(session).WithContext(ctx).Should(gexec.Exit(1))
		Expect(session.Err).To(gbytes.Say(`given up after 10s: the Service is as it was\.`))
		Expect(version(ctx)).To(Equal("1"))
	})

	It("can be interrupted, and leaves the Service as it was", func(ctx context.Context) {
		session := start("--wait")
		Eventually(session).WithContext(ctx).Should(gbytes.Say(`0/3 available`))
		Eventually(session.Interrupt()).WithContext(ctx).Should(gexec.Exit(1))
		Expect(session.Err).To(gbytes.Say(`interrupted: the Service is as it was\.`))
		Expect(version(ctx)).To(Equal("1"))
	})

	It("only asks the API server in a dry run", func(ctx context.Context) {
		r.setReady(ctx, "2", 3, "true")
		r.waitComplete(ctx, "green")
		session := start("--dry-run")
		Eventually(session).WithContext(ctx).Should(gexec.Exit(0))
		Expect(session).To(gbytes.Say(`Service %s/hello would select app=hello,version=2 now: nothing was changed\.`, r.namespace))
		Expect(version(ctx)).To(Equal("1"))
	})
})
