package e2e

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/onsi/gomega/gbytes"
	"github.com/onsi/gomega/gexec"

	"greenlight.dev/greenlight/test/fixture"
)

// switched is the Service of a release, pointed at version 2. It names no namespace.
const switched = `apiVersion: v1
kind: Service
metadata: {name: hello}
spec:
  selector: {app: hello, version: "2"}
  ports: [{name: http, port: 80, targetPort: http}]
`

var _ = Describe("greenlight check --cluster", func() {
	It("judges a switch by the pods that are there", func(ctx context.Context) {
		r := newRelease(ctx)
		r.create(ctx, fixture.Unready(fixture.Deployment(r.namespace, "green", "2")))
		Eventually(r.pods).WithContext(ctx).WithArguments("2").Should(HaveLen(3))
		check := func() *gexec.Session {
			command := exec.Command("../../bin/greenlight", "check", "--cluster", "-n", r.namespace, "-")
			command.Env = append(os.Environ(), "KUBECONFIG="+guarded.Kubeconfig())
			command.Stdin = strings.NewReader(switched)
			session, err := gexec.Start(command, GinkgoWriter, GinkgoWriter)
			Expect(err).NotTo(HaveOccurred())
			return session
		}
		denied := check()
		Eventually(denied).WithContext(ctx).Should(gexec.Exit(1))
		Expect(denied).To(gbytes.Say(fmt.Sprintf(
			`stdin:5:3 deny service-switch-not-ready Service/%s/hello: selector version 1 → 2: ReplicaSet green-\w+ is not fully ready \(0/3 available\)`, r.namespace)))
		r.setReady(ctx, "2", 3, "true")
		r.waitComplete(ctx, "green")
		Eventually(check()).WithContext(ctx).Should(gexec.Exit(0))
	})
})
