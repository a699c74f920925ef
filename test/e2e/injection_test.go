package e2e

import (
	"context"
	"fmt"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"

	"greenlight.dev/greenlight/test/fixture"
)

// manifest is a Deployment without a readiness probe, or with the one given.
func manifest(probe string) string {
	return fmt.Sprintf(`
apiVersion: apps/v1
kind: Deployment
metadata:
  name: blue
spec:
  replicas: 3
  selector:
    matchLabels: {app: hello, version: "1"}
  template:
    metadata:
      labels: {app: hello, version: "1"}
    spec:
      containers:
        - name: web
          image: registry.example/hello:1
          ports: [{name: http, containerPort: 8080}]
%s`, probe)
}

const httpProbe = `
          readinessProbe:
            httpGet: {path: /healthz, port: http}
`

var _ = Describe("injecting defaults", func() {
	var r release

	BeforeEach(func(ctx context.Context) {
		namespace, err := guarded.Namespace(ctx)
		Expect(err).NotTo(HaveOccurred())
		r = release{namespace}
		r.create(ctx, fixture.Service(namespace, "1"))
	})

	apply := func(ctx context.Context, content string, flags ...string) {
		args := append([]string{"apply", "-n", r.namespace, "-f", "-"}, flags...)
		output, err := guarded.Kubectl(ctx, content, args...)
		Expect(err).NotTo(HaveOccurred(), output)
	}
	web := func(ctx context.Context) corev1.Container {
		return r.deployment(ctx, "blue").Spec.Template.Spec.Containers[0]
	}

	It("does not start a rollout when only a label of the Deployment is edited", func(ctx context.Context) {
		unguarded := fixture.Bare(fixture.Deployment(r.namespace, "blue", "1"))
		unguarded.Annotations = map[string]string{"greenlight.dev/inject": "false"}
		r.create(ctx, unguarded)
		r.waitComplete(ctx, "blue")
		before := r.deployment(ctx, "blue")
		Expect(r.updateDeployment(ctx, "blue", func(blue *appsv1.Deployment) {
			blue.Labels = map[string]string{"team": "shop"}
			delete(blue.Annotations, "greenlight.dev/inject")
		})).To(Succeed())
		r.waitComplete(ctx, "blue")
		Expect(r.deployment(ctx, "blue").Spec.Template).To(Equal(before.Spec.Template))
		Expect(r.replicaSets(ctx, "1")).To(HaveLen(1))
	})

	It("leaves the healthy pods alone when a rollout is undone half way", func(ctx context.Context) {
		unguarded := fixture.Bare(fixture.Deployment(r.namespace, "blue", "1"))
		unguarded.Annotations = map[string]string{"greenlight.dev/inject": "false"}
		r.create(ctx, unguarded)
		r.waitComplete(ctx, "blue")
		healthy := names(r.pods(ctx, "1"))

		Expect(r.updateDeployment(ctx, "blue", func(blue *appsv1.Deployment) {
			delete(fixture.Unready(blue).Annotations, "greenlight.dev/inject")
		})).To(Succeed())
		Eventually(r.replicaSets).WithContext(ctx).WithArguments("1").Should(HaveLen(2))
		Expect(web(ctx).ReadinessProbe).NotTo(BeNil())

		output, err := guarded.Kubectl(ctx, "", "rollout", "undo", "-n", r.namespace, "deployment/blue")
		Expect(err).NotTo(HaveOccurred(), output)
		r.waitComplete(ctx, "blue")
		Expect(r.replicaSets(ctx, "1")).To(HaveLen(2))
		Eventually(func(ctx context.Context) []string { return names(r.pods(ctx, "1")) }).WithContext(ctx).Should(Equal(healthy))
	})

	DescribeTable("lets a user adopt an injected probe with one of their own",
		func(ctx context.Context, flags ...string) {
			apply(ctx, manifest(""), flags...)
			Expect(web(ctx).ReadinessProbe.TCPSocket.Port.IntValue()).To(Equal(8080))
			apply(ctx, manifest(httpProbe), flags...)
			Expect(web(ctx).ReadinessProbe.TCPSocket).To(BeNil())
			Expect(web(ctx).ReadinessProbe.HTTPGet.Path).To(Equal("/healthz"))
			r.waitComplete(ctx, "blue")
			apply(ctx, manifest(httpProbe), flags...)
			Expect(r.replicaSets(ctx, "1")).To(HaveLen(2))
		},
		Entry("by server-side apply", "--server-side"),
		Entry("by client-side apply"),
	)

	DescribeTable("raises a grace period that nobody wrote",
		func(ctx context.Context, flags ...string) {
			apply(ctx, manifest(""), flags...)
			Expect(*r.deployment(ctx, "blue").Spec.Template.Spec.TerminationGracePeriodSeconds).To(Equal(int64(35)))
			apply(ctx, manifest(""), flags...)
			Expect(r.deployment(ctx, "blue").Generation).To(Equal(int64(1)))
		},
		Entry("by server-side apply", "--server-side"),
		Entry("by client-side apply"),
	)

	DescribeTable("leaves a grace period that somebody wrote",
		func(ctx context.Context, flags ...string) {
			apply(ctx, manifest("      terminationGracePeriodSeconds: 30\n"), flags...)
			Expect(*r.deployment(ctx, "blue").Spec.Template.Spec.TerminationGracePeriodSeconds).To(Equal(int64(30)))
			Expect(web(ctx).Lifecycle.PreStop.Sleep.Seconds).To(Equal(int64(5)))
		},
		Entry("by server-side apply", "--server-side"),
		Entry("by client-side apply"),
	)
})
