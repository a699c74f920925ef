package e2e

import (
	"context"
	"os"
	"regexp"
	"slices"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	"github.com/onsi/ginkgo/v2/types"
	. "github.com/onsi/gomega"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/client-go/rest"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"greenlight.dev/greenlight/test/fixture"
)

// row is a case of docs/decision-table.md: how a Service is changed in the world, and what its author is
// told. Without denied and warned the change is allowed in silence.
type row struct {
	name string
	// from makes of a Service that leads to blue what it is before: nothing else where it is nil.
	from, to func(*corev1.Service)
	// at is the field that the message names: spec.selector where it is empty.
	at             string
	denied, warned string
}

const decisionTable = "the decision table"

var _ = Describe(decisionTable, Ordered, ContinueOnFailure, func() {
	var w world

	BeforeAll(func(ctx context.Context) {
		w = newWorld(ctx)
		w.settle(ctx)
		w.unrest(ctx)
	})

	for _, row := range slices.Concat(deploymentRows, statefulSetRows, otherRows, capacityRows, selectorRows, portRows, serviceRows) {
		It(row.name, func(ctx context.Context) { w.judge(ctx, row) })
	}

	It("the pod-template-hash of an older revision is denied", func(ctx context.Context) {
		hash := w.revision(ctx, "revisions", "1").Labels["pod-template-hash"]
		w.judge(ctx, row{
			to: selecting("pod-template-hash", hash),
			denied: "selector app hello → (none), pod-template-hash (none) → " + hash + ", version blue → (none): " +
				"ReplicaSet revisions-1 is not fully ready (0/1 available): revisions-1-a: ready, but not yet for minReadySeconds 3000 (a while to go). " +
				"Select the pods of the newest revision of deployment/revisions instead.",
		})
	})

	It("Argo Rollouts itself is only warned", func(ctx context.Context) {
		w.judgeAs(ctx, w.argoRollouts(ctx), row{from: managed("argo"), to: to("argo-slow"), warned: argoWarning})
	})
})

// judge makes a Service of its own, changes it, and compares every word that comes back.
func (w world) judge(ctx context.Context, row row) { w.judgeAs(ctx, guarded.Config(), row) }

func (w world) judgeAs(ctx context.Context, user *rest.Config, row row) {
	service := fixture.Service(w.namespace, "blue")
	service.Name, service.GenerateName = "", "hello-"
	if row.from != nil {
		row.from(service)
	}
	w.create(ctx, service)
	w.judgeUpdate(ctx, user, service, row)
}

// judgeUpdate makes the change of a row to a Service, whatever that was before. Other rules may speak of the
// same change.
func (w world) judgeUpdate(ctx context.Context, user *rest.Config, service *corev1.Service, row row) {
	row.to(service)
	warnings, err := fixture.Warned(user, func(c client.Client) error { return c.Update(ctx, service) })
	at := "service-switch-not-ready at spec.selector: "
	if row.at != "" {
		at = "service-switch-not-ready at " + row.at + ": "
	}
	if row.denied != "" {
		Expect(err).To(HaveOccurred())
		Expect(err).To(MatchError(ContainSubstring("Service %s/%s", w.namespace, service.Name)))
		Expect(w.plain(ctx, err.Error())).To(ContainSubstring(at + row.denied + " See https://greenlight.dev/rules/service-switch-not-ready"))
		return
	}
	Expect(err).NotTo(HaveOccurred())
	var plain, wanted []string
	for _, warning := range warnings {
		if strings.HasPrefix(warning, "service-switch-not-ready ") {
			plain = append(plain, w.plain(ctx, warning))
		}
	}
	if row.warned != "" {
		wanted = []string{at + row.warned}
	}
	Expect(plain).To(Equal(wanted))
}

// to points the Service at a version.
func to(version string) func(*corev1.Service) {
	return func(service *corev1.Service) { service.Spec.Selector = fixture.Labels(version) }
}

// selecting points the Service at pods by labels, given as keys and values.
func selecting(labels ...string) func(*corev1.Service) {
	return func(service *corev1.Service) {
		service.Spec.Selector = map[string]string{}
		for pair := range slices.Chunk(labels, 2) {
			service.Spec.Selector[pair[0]] = pair[1]
		}
	}
}

// both changes a Service in two ways.
func both(one, other func(*corev1.Service)) func(*corev1.Service) {
	return func(service *corev1.Service) {
		one(service)
		other(service)
	}
}

// documented is the last column of a row of the document: the names of cases.
var documented = regexp.MustCompile(`(?m)^\|.*\| ([^|]+) \|$`)
var quoted = regexp.MustCompile("`([^`]+)`")

var _ = ReportAfterSuite("docs/decision-table.md names every case of the table, and no other", func(report Report) {
	content, err := os.ReadFile("../../docs/decision-table.md")
	Expect(err).NotTo(HaveOccurred())
	var known, listed, named []string
	for _, spec := range report.SpecReports.WithLeafNodeType(types.NodeTypeIt) {
		known = append(known, spec.LeafNodeText)
		if slices.Contains(spec.ContainerHierarchyTexts, decisionTable) {
			listed = append(listed, spec.LeafNodeText)
		}
	}
	for _, line := range documented.FindAllStringSubmatch(string(content), -1) {
		for _, name := range quoted.FindAllStringSubmatch(line[1], -1) {
			named = append(named, name[1])
		}
	}
	Expect(known).To(ContainElements(named))
	Expect(named).To(ContainElements(listed))
})
