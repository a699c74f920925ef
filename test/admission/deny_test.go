package admission

import (
	"context"
	"fmt"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"greenlight.dev/greenlight/test/fixture"
	"greenlight.dev/greenlight/test/install"
)

const denied = `admission webhook "deployments.validate.greenlight.dev" denied the request: `

// leftOut are the namespaces of which nothing is asked: the cluster recovers from them, and Greenlight too.
var leftOut = []string{metav1.NamespaceSystem, corev1.NamespaceNodeLease, install.Namespace}

var _ = Describe("a Deployment that takes its Service down", func() {
	var namespace string

	BeforeEach(func(ctx context.Context) { namespace = newNamespace(ctx) })

	// message creates the Deployment, and returns the denial.
	message := func(ctx context.Context, deployment *appsv1.Deployment) string {
		GinkgoHelper()
		err := dryRun(ctx, deployment)
		Expect(err).To(MatchError(apierrors.IsForbidden, "IsForbidden"))
		return err.Error()
	}

	It("is denied for Recreate", func(ctx context.Context) {
		deployment := fixture.Deployment(namespace, "web", "1")
		deployment.Spec.Strategy.Type = appsv1.RecreateDeploymentStrategyType
		Expect(message(ctx, deployment)).To(Equal(denied + fmt.Sprintf("Deployment %s/web denied by recreate-strategy at spec.strategy.type: "+
			"Recreate ends all 3 pods before a new one starts: every rollout leaves Service hello without endpoints. "+
			"Set type: RollingUpdate with maxUnavailable: 0 and maxSurge: 1. See https://greenlight.dev/rules/recreate-strategy", namespace)))
	})

	It("is denied for a maxUnavailable that leaves nothing", func(ctx context.Context) {
		deployment := fixture.Deployment(namespace, "web", "1")
		deployment.Spec.Strategy.RollingUpdate = &appsv1.RollingUpdateDeployment{MaxUnavailable: new(intstr.FromString("100%"))}
		Expect(message(ctx, deployment)).To(ContainSubstring("maxUnavailable 100% of 3 pods is 3"))
	})

	It("is told every finding at once, in the order of the rules", func(ctx context.Context) {
		deployment := fixture.Deployment(namespace, "web", "1")
		deployment.Spec.Strategy.Type = appsv1.RecreateDeploymentStrategyType
		web := &deployment.Spec.Template.Spec.Containers[0]
		web.ReadinessProbe.HTTPGet.Port = intstr.FromString("absent")
		web.Lifecycle.PreStop.Sleep.Seconds = 30
		Expect(message(ctx, deployment)).To(MatchRegexp(
			`(?s)^%sDeployment %s/web: 3 findings deny this change \(policy baseline\)\n`+
				`- recreate-strategy at spec\.strategy\.type: [^\n]*\n`+
				`- probe-port-undefined at spec\.template\.spec\.containers\[name="web"\]\.readinessProbe\.httpGet\.port: [^\n]*\n`+
				`- prestop-exceeds-grace-period at spec\.template\.spec\.containers\[name="web"\]\.lifecycle\.preStop\.sleep: [^\n]*$`, denied, namespace))
	})

	It("is judged in the state that it would leave: by an update too", func(ctx context.Context) {
		deployment := fixture.Deployment(namespace, "web", "1")
		Expect(guarded.Client.Create(ctx, deployment)).To(Succeed())
		deployment.Spec.Strategy = appsv1.DeploymentStrategy{Type: appsv1.RecreateDeploymentStrategyType}
		Expect(guarded.Client.Update(ctx, deployment, client.DryRunAll)).To(MatchError(ContainSubstring("recreate-strategy")))
	})
})

var _ = Describe("what is not guarded", func() {
	for _, namespace := range leftOut {
		It("is "+namespace, func(ctx context.Context) {
			bad := fixture.Deployment(namespace, "web", "1")
			bad.Spec.Template.Spec.Containers[0].ReadinessProbe.HTTPGet.Port = intstr.FromString("absent")
			Expect(guarded.Client.Create(ctx, bad, client.DryRunAll)).To(Succeed())
			bare := fixture.Bare(fixture.Deployment(namespace, "web", "1"))
			Expect(guarded.Client.Create(ctx, bare, client.DryRunAll)).To(Succeed())
			Expect(bare.Spec.Template.Spec.Containers[0].ReadinessProbe).To(BeNil())
		})
	}

	It("is a Deployment in a namespace without a Service that selects it", func(ctx context.Context) {
		namespace, err := guarded.Namespace(ctx)
		Expect(err).NotTo(HaveOccurred())
		worker := fixture.Deployment(namespace, "worker", "1")
		worker.Spec.Strategy.Type = appsv1.RecreateDeploymentStrategyType
		Expect(guarded.Client.Create(ctx, worker, client.DryRunAll)).To(Succeed())
	})
})

var _ = Describe("a warning", func() {
	It("is shown by kubectl, and does not stand in the way", func(ctx context.Context) {
		namespace := newNamespace(ctx)
		create := func(ctx context.Context) string {
			output, err := guarded.Kubectl(ctx, "", "create", "deployment", "web", "-n", namespace,
				"--image=registry.example:5000/team/web", "--dry-run=server")
			Expect(err).NotTo(HaveOccurred(), output)
			return output
		}
		Expect(create(ctx)).To(ContainSubstring(`Warning: mutable-image-tag at spec.template.spec.containers[name="web"].image: ` +
			`image "registry.example:5000/team/web" has no tag, which means latest: a rollback would not bring the same code back. ` +
			`Use a tag that is never pushed again, or a digest.`))
	})
})

var _ = Describe("a Service without pods", func() {
	It("may be switched: nothing serves it", func(ctx context.Context) {
		namespace := newNamespace(ctx)
		service := &corev1.Service{}
		Expect(guarded.Client.Get(ctx, client.ObjectKey{Namespace: namespace, Name: fixture.App}, service)).To(Succeed())
		service.Spec.Selector = fixture.Labels("2")
		Expect(guarded.Client.Update(ctx, service)).To(Succeed())
	})
})
