package reports

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"greenlight.dev/greenlight/api/v1alpha1"
	"greenlight.dev/greenlight/report"
)

const corpusLabel = "corpus"

// verdicts are what is said of objects, such as Deployment/shop/web.
type verdicts map[string][]verdict

// verdict is one result. Mode is skip for what was not evaluated.
type verdict struct{ Mode, Rule, Path, Message, Fix string }

var _ = Describe("what is reported of public manifests", func() {
	It("is what greenlight check says of the same objects in the cluster", func(ctx context.Context) {
		policy := governLabelled(ctx, corpusLabel, "stored", v1alpha1.RolloutPolicySpec{Rules: everyRule(v1alpha1.Off)})
		stored := storeCorpora(ctx)
		Expect(len(stored)).To(BeNumerically(">=", 3), "the manifests of the repository alone")
		// What is wrong already is only warned about in a change, unless the policy says otherwise.
		rewrite(ctx, policy, func(spec *v1alpha1.RolloutPolicySpec) {
			spec.Rules, spec.Profile, spec.Existing = nil, v1alpha1.Strict, v1alpha1.Deny
		})
		scan(ctx, flags())
		// The workloads still settle, so both are asked until they agree.
		Eventually(func(ctx context.Context) string {
			return gocmp.Diff(checked(ctx, stored, policy), reported(ctx, stored))
		}).WithContext(ctx).WithTimeout(3*time.Minute).WithPolling(time.Second).Should(BeEmpty(), "-check +report")
	}, SpecTimeout(5*time.Minute))
})

// storeCorpora makes the objects of each file in a namespace of its own, and returns those that are judged. What the
// API server refuses is left out.
func storeCorpora(ctx context.Context) []*unstructured.Unstructured {
	var judged []*unstructured.Unstructured
	for i, objects := range readCorpora() {
		namespace := fmt.Sprintf("corpus-%d", i)
		Expect(guarded.Client.Create(ctx, &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{
			Name: namespace, Labels: map[string]string{corpusLabel: "stored"},
		}})).To(Succeed())
		slices.SortStableFunc(objects, func(a, b *unstructured.Unstructured) int {
			return slices.Index(kept, a.GetKind()) - slices.Index(kept, b.GetKind())
		})
		for _, object := range objects {
			object.SetNamespace(namespace)
			if err := guarded.Client.Create(ctx, object); err != nil {
				GinkgoWriter.Printf("%s %s is not stored: %v\n", object.GetKind(), object.GetName(), err)
			} else if object.GetKind() == "Deployment" || object.GetKind() == "Service" {
				judged = append(judged, object)
			}
		}
	}
	return judged
}

// reported reads the reports of objects.
func reported(ctx context.Context, objects []*unstructured.Unstructured) verdicts {
	said := verdicts{}
	for _, object := range objects {
		found, err := storedOf(ctx, report.OpenReports, object)
		if err != nil {
			said.add(object.GetKind(), object.GetNamespace(), object.GetName(), verdict{Message: err.Error()})
			continue
		}
		read, err := report.Read(found)
		Expect(err).NotTo(HaveOccurred())
		for _, result := range read.Results {
			said.add(object.GetKind(), object.GetNamespace(), object.GetName(),
				verdict{cmp.Or(string(result.Mode), string(result.Outcome)), result.Rule, result.Path, result.Message, result.Fix})
		}
	}
	return said
}

func (v verdicts) add(kind, namespace, name string, result verdict) {
	key := kind + "/" + namespace + "/" + name
	v[key] = append(v[key], result)
	slices.SortFunc(v[key], func(a, b verdict) int {
		return cmp.Or(cmp.Compare(a.Rule, b.Rule), cmp.Compare(a.Path, b.Path), cmp.Compare(a.Message, b.Message))
	})
}
