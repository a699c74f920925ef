package admission

import (
	"context"
	"path/filepath"
	"strings"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"golang.org/x/sys/unix"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"greenlight.dev/greenlight/api/v1alpha1"
	"greenlight.dev/greenlight/test/install"
)

// statusQuiet is longer than a change of a namespace takes to reach the status of a policy.
const statusQuiet = 3 * time.Second

const header = "apiVersion: greenlight.dev/v1alpha1\nkind: RolloutPolicy\nmetadata: {name: invalid}\nspec: "

var _ = Describe("the sample of a RolloutPolicy", func() {
	It("is valid", func(ctx context.Context) {
		output, err := guarded.Kubectl(ctx, "", "apply", "--dry-run=server", "-f", filepath.Join("..", "..", "config", "samples", "rolloutpolicy.yaml"))
		Expect(err).NotTo(HaveOccurred(), output)
		Expect(output).To(Equal("rolloutpolicy.greenlight.dev/production created (server dry run)\n"))
	})
})

var _ = Describe("a RolloutPolicy that is not valid", func() {
	apply := func(ctx context.Context, spec string) string {
		output, err := guarded.Kubectl(ctx, header+spec, "apply", "--dry-run=server", "-f", "-")
		Expect(err).To(HaveOccurred(), output)
		return output
	}

	DescribeTable("is rejected by its schema", func(ctx context.Context, spec, want string) {
		Expect(apply(ctx, spec)).To(ContainSubstring(want))
	},
		Entry("for an unknown mode", `{rules: [{name: single-replica, mode: error}]}`,
			`spec.rules[0].mode: Unsupported value: "error": supported values: "deny", "warn", "audit", "off"`),
		Entry("for off without quotes", `{rules: [{name: single-replica, mode: off}]}`,
			`spec.rules[0].mode: Invalid value: "boolean": spec.rules[0].mode in body must be of type string: "boolean"`),
		Entry("for an unknown profile", `{profile: lax}`,
			`spec.profile: Unsupported value: "lax": supported values: "baseline", "strict"`),
		Entry("for a mode that means nothing there", `{existing: audit}`,
			`spec.existing: Invalid value: "audit": must be warn or deny`),
		Entry("for a rule that is set twice", `{rules: [{name: single-replica}, {name: single-replica, mode: deny}]}`,
			`spec.rules[1]: Duplicate value: {"name":"single-replica"}`),
		Entry("for an exemption of everything", `{exemptions: [{rules: [single-replica], reason: "Because."}]}`,
			`spec.exemptions[0]: Invalid value: an exemption names kinds, namespaces or names: to lift a rule for everything, set its mode`),
		Entry("for an exemption without a reason", `{exemptions: [{rules: [single-replica], names: [web]}]}`,
			`spec.exemptions[0].reason: Required value`),
		Entry("for thresholds that contradict each other", `{traffic: {capacity: {denyBelowPercent: 80, warnBelowPercent: 70}}}`,
			`warnBelowPercent must not be less than denyBelowPercent`),
		Entry("for a field that there is not", `{profil: strict}`,
			`unknown field "spec.profil"`),
	)

	It("is denied by Greenlight with everything that is wrong at once, and the nearest names", func(ctx context.Context) {
		output := apply(ctx, `{rules: [{name: single-replika}, {name: rolling-update-no-flor}], exemptions: [{rules: [recreate], names: ["["], reason: "Because."}]}`)
		Expect(strings.Split(strings.TrimSpace(output), "\n")).To(HaveExactElements(
			HaveSuffix(`admission webhook "rolloutpolicies.validate.greenlight.dev" denied the request: RolloutPolicy invalid is not valid in 4 places:`),
			HavePrefix(`- spec.rules[0].name: Invalid value: "single-replika": there is no rule "single-replika"; the nearest is "single-replica" (all: recreate-strategy, `),
			HavePrefix(`- spec.rules[1].name: Invalid value: "rolling-update-no-flor": there is no rule "rolling-update-no-flor"; the nearest is "rolling-update-no-floor" (all: `),
			HavePrefix(`- spec.exemptions[0].rules[0]: Invalid value: "recreate": there is no rule "recreate"; the nearest is `),
			Equal(`- spec.exemptions[0].names[0]: Invalid value: "[": must be a name, in which * stands for any characters and ? for one`),
		))
	})
})

// Serial, because the webhook does not answer for a while.
var _ = Describe("a RolloutPolicy that became invalid past Greenlight", Serial, func() {
	It("keeps its last good spec in force, over a restart too, and says so", func(ctx context.Context) {
		namespace := newNamespace(ctx)
		policy := govern(ctx, namespace, denying(namespace))
		expectDenied(ctx, faulty(namespace))

		pastGreenlight(func() {
			rewrite(ctx, policy, func(spec *v1alpha1.RolloutPolicySpec) {
				spec.Rules[0] = v1alpha1.RuleSetting{Name: "mutable-image-tags", Mode: v1alpha1.Off}
			})
		})
		Eventually(acceptance).WithContext(ctx).WithArguments(policy).Should(And(
			HaveField("Status", metav1.ConditionFalse), HaveField("Reason", "Invalid"),
			HaveField("Message", HavePrefix("The spec of generation 1 stays in force, because generation 2 is not valid:\n"+
				`- spec.rules[0].name: Invalid value: "mutable-image-tags": there is no rule "mutable-image-tags"; the nearest is "mutable-image-tag" (all: `)),
		))
		expectDenied(ctx, faulty(namespace), "denied by "+latest)

		Expect(guarded.Restart(ctx)).To(Succeed())
		Expect(verdict(ctx, guarded.Installation, faulty(namespace))).To(BeFalse())
		expectDenied(ctx, faulty(namespace), "denied by "+latest)
		Expect(acceptance(ctx, policy)).To(HaveField("Status", metav1.ConditionFalse))

		turn(ctx, policy, v1alpha1.Off)
		Eventually(acceptance).WithContext(ctx).WithArguments(policy).Should(HaveField("Status", metav1.ConditionTrue))
		expectAllowed(ctx, faulty(namespace))
	})
})

// pastGreenlight does something while the webhook is stopped, so that its failurePolicy decides.
func pastGreenlight(do func()) {
	Expect(guarded.Pause(install.Webhook)).To(Succeed())
	defer func() { Expect(guarded.Signal(install.Webhook, unix.SIGCONT)).To(Succeed()) }()
	do()
}
