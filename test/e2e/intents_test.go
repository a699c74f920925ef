package e2e

import (
	"context"
	"encoding/json"
	"regexp"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	gomegatypes "github.com/onsi/gomega/types"
	admissionv1 "k8s.io/api/admission/v1"
	appsv1 "k8s.io/api/apps/v1"
	authenticationv1 "k8s.io/api/authentication/v1"
	authorizationv1 "k8s.io/api/authorization/v1"
	coordinationv1 "k8s.io/api/coordination/v1"
	corev1 "k8s.io/api/core/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/uuid"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"greenlight.dev/greenlight/api/v1alpha1"
	"greenlight.dev/greenlight/test/fixture"
	"greenlight.dev/greenlight/test/install"
)

const (
	validateServices  = "/validate/services"
	validateWorkloads = "/validate/workloads"
)

// A review that is sent to a replica past the API server is one whose change is judged and not stored yet.
var _ = Describe("two changes that two replicas judge at the same moment", Ordered, func() {
	var (
		r      release
		second *install.Installation
	)

	BeforeAll(func(ctx context.Context) {
		var err error
		second, err = guarded.Replica(ctx, "greenlight-webhook-2", "")
		Expect(err).NotTo(HaveOccurred())
		DeferCleanup(func() { Expect(guarded.End("greenlight-webhook-2")).To(Succeed()) })
	})

	BeforeEach(func(ctx context.Context) {
		r = newRelease(ctx)
		r.create(ctx, fixture.Deployment(r.namespace, "green", "2"))
		r.waitComplete(ctx, "green")
	})

	review := func(ctx context.Context, at *install.Installation, path string, request *admissionv1.AdmissionRequest) *admissionv1.AdmissionResponse {
		response, err := at.Review(ctx, path, request)
		Expect(err).NotTo(HaveOccurred())
		return response
	}

	It("do not remove the green that the Service is switched to", func(ctx context.Context) {
		Expect(review(ctx, guarded.Installation, validateServices, r.switching(ctx, "2")).Allowed).To(BeTrue())
		removal := review(ctx, second, validateWorkloads, r.deleting(ctx, "green"))
		Expect(removal.Result.Message).To(SatisfyAll(
			HavePrefix("Deployment "+r.namespace+"/green denied by serving-workload-drained at metadata.name: deleting it takes away what serves: "+
				"3 pods serve Service hello and would go, and no other pod serves it. First switch Service hello to pods that are ready, or delete it. "+
				"See https://greenlight.dev/rules/serving-workload-drained\n"),
			tellsOf("the switch of Service "+r.namespace+"/hello by jane"),
		))
	})

	It("do not switch to a green that is removed", func(ctx context.Context) {
		Expect(review(ctx, guarded.Installation, validateWorkloads, r.deleting(ctx, "green")).Allowed).To(BeTrue())
		change := review(ctx, second, validateServices, r.switching(ctx, "2"))
		Expect(change.Result.Message).To(SatisfyAll(
			ContainSubstring("selector version 1 → 2: Deployment green is being deleted"),
			tellsOf("the deletion of Deployment "+r.namespace+"/green by jane"),
		))
	})

	It("do not remove both colours of a Service", func(ctx context.Context) {
		Expect(r.updateService(ctx, func(service *corev1.Service) { delete(service.Spec.Selector, "version") })).To(Succeed())
		Expect(review(ctx, guarded.Installation, validateWorkloads, r.deleting(ctx, "green")).Allowed).To(BeTrue())
		Expect(review(ctx, second, validateWorkloads, r.deleting(ctx, "blue")).Allowed).To(BeFalse())
	})

	It("are not held up by a change that was overtaken", func(ctx context.Context) {
		Expect(review(ctx, guarded.Installation, validateServices, r.switching(ctx, "2")).Allowed).To(BeTrue())
		Expect(r.updateService(ctx, func(service *corev1.Service) { service.Annotations = map[string]string{"team": "shop"} })).To(Succeed())
		Expect(review(ctx, second, validateWorkloads, r.deleting(ctx, "green")).Allowed).To(BeTrue())
	})

	It("are not held up by a dry run", func(ctx context.Context) {
		dry := r.switching(ctx, "2")
		dry.DryRun = new(true)
		Expect(review(ctx, guarded.Installation, validateServices, dry).Allowed).To(BeTrue())
		Expect(r.intents(ctx)).To(BeEmpty())
		Expect(review(ctx, second, validateWorkloads, r.deleting(ctx, "green")).Allowed).To(BeTrue())
	})

	It("are not held up by a change that was denied", func(ctx context.Context) {
		Expect(review(ctx, guarded.Installation, validateServices, r.switching(ctx, "9")).Allowed).To(BeFalse())
		Expect(r.intents(ctx)).To(BeEmpty())
	})

	It("are told of in a dry run too", func(ctx context.Context) {
		Expect(review(ctx, guarded.Installation, validateServices, r.switching(ctx, "2")).Allowed).To(BeTrue())
		dry := r.deleting(ctx, "green")
		dry.DryRun = new(true)
		Expect(review(ctx, second, validateWorkloads, dry).Allowed).To(BeFalse())
	})
})

var _ = Describe("a record of switches", func() {
	It("warns whoever removes the previous colour early", func(ctx context.Context) {
		r := newRelease(ctx)
		r.create(ctx, fixture.Deployment(r.namespace, "green", "2"))
		r.waitComplete(ctx, "green")
		Expect(r.switchTo(ctx, "2")).To(Succeed())
		output, err := guarded.Kubectl(ctx, "", "delete", "-n", r.namespace, "deployment", "blue")
		Expect(err).NotTo(HaveOccurred(), output)
		Expect(output).To(MatchRegexp(`Warning: previous-colour-removed-early at metadata.name: Service hello was switched away from these pods \d+s ago, ` +
			`and proxies may still send them requests\. Keep them until \d\d:\d\d:\d\d UTC\.`))
	})
})

var _ = Describe("intents that cannot be written", Serial, Ordered, func() {
	const name = "greenlight-webhook"

	mayWrite := func(ctx context.Context) (bool, error) {
		config := guarded.Config()
		config.Impersonate.UserName = "system:serviceaccount:" + install.Namespace + ":" + name
		return fixture.May(ctx, config, authorizationv1.ResourceAttributes{
			Namespace: install.Namespace, Verb: "create", Group: coordinationv1.GroupName, Resource: "leases",
		})
	}

	BeforeAll(func(ctx context.Context) {
		binding := &rbacv1.RoleBinding{}
		Expect(guarded.Client.Get(ctx, client.ObjectKey{Namespace: install.Namespace, Name: name}, binding)).To(Succeed())
		Expect(guarded.Client.Delete(ctx, binding)).To(Succeed())
		DeferCleanup(func(ctx context.Context) {
			binding.ResourceVersion = ""
			Expect(guarded.Client.Create(ctx, binding)).To(Succeed())
			Eventually(mayWrite).WithContext(ctx).Should(BeTrue())
		})
		Eventually(mayWrite).WithContext(ctx).Should(BeFalse())
	})

	It("deny a switch, and let everything else go on", func(ctx context.Context) {
		r := newRelease(ctx)
		r.create(ctx, fixture.Deployment(r.namespace, "green", "2"))
		r.waitComplete(ctx, "green")
		Expect(r.switchTo(ctx, "2")).To(MatchError(MatchRegexp(
			`selector version 1 → 2: it could not be announced, so that its target could be removed at the same moment \(writing a Lease in namespace greenlight-system: .*forbidden.*\)\. ` +
				`Retry\. If that goes on, see that Greenlight may write Leases in its namespace; without this protection, set traffic\.intents: false in the RolloutPolicy\.`)))
		Expect(r.updateDeployment(ctx, "green", func(green *appsv1.Deployment) { green.Spec.Replicas = new(int32(0)) })).To(Succeed())
	})

	It("are not asked for where the policy does without", func(ctx context.Context) {
		r := newRelease(ctx)
		r.create(ctx, fixture.Deployment(r.namespace, "green", "2"))
		r.waitComplete(ctx, "green")
		r.create(ctx, &v1alpha1.RolloutPolicy{
			ObjectMeta: metav1.ObjectMeta{Name: r.namespace},
			Spec: v1alpha1.RolloutPolicySpec{
				NamespaceSelector: &metav1.LabelSelector{MatchLabels: map[string]string{corev1.LabelMetadataName: r.namespace}},
				Traffic:           v1alpha1.Traffic{Intents: new(false)},
			},
		})
		Eventually(func(ctx context.Context) error { return r.switchTo(ctx, "2") }).WithContext(ctx).Should(Succeed())
	})
})

var _ = Describe("an intent that is over", func() {
	It("is removed, whichever replica wrote it", func(ctx context.Context) {
		lease := &coordinationv1.Lease{
			ObjectMeta: metav1.ObjectMeta{
				Namespace: install.Namespace, Name: "left-behind",
				Labels:      map[string]string{"greenlight.dev/namespace": "shop"},
				Annotations: map[string]string{"greenlight.dev/change": `{"deleted": true}`},
			},
			Spec: coordinationv1.LeaseSpec{LeaseDurationSeconds: new(int32(1))},
		}
		Expect(guarded.Client.Create(ctx, lease)).To(Succeed())
		_, err := guarded.Replica(ctx, "greenlight-webhook-3", "")
		Expect(err).NotTo(HaveOccurred())
		DeferCleanup(func() { Expect(guarded.End("greenlight-webhook-3")).To(Succeed()) })
		// A replica looks when it starts, and every minute from then on.
		Eventually(func(ctx context.Context) error {
			return guarded.Client.Get(ctx, client.ObjectKeyFromObject(lease), lease)
		}).WithContext(ctx).Should(MatchError(ContainSubstring("not found")))
	})
})

// tellsOf matches a denial whose last line counts one change. The API server tells the time to the second.
func tellsOf(change string) gomegatypes.GomegaMatcher {
	return MatchRegexp(`\nThis counts as made what was admitted a moment ago: ` + regexp.QuoteMeta(change) + `, \d+s ago\.$`)
}

// switching is the review of a switch to a version, by jane.
func (r release) switching(ctx context.Context, version string) *admissionv1.AdmissionRequest {
	service := &corev1.Service{}
	Expect(guarded.Client.Get(ctx, client.ObjectKey{Namespace: r.namespace, Name: fixture.App}, service)).To(Succeed())
	switched := service.DeepCopy()
	switched.Spec.Selector = fixture.Labels(version)
	request := r.request("", "v1", "Service", "services", admissionv1.Update)
	request.OldObject, request.Object = encoded(service), encoded(switched)
	return request
}

// deleting is the review of the deletion of a Deployment, by jane.
func (r release) deleting(ctx context.Context, name string) *admissionv1.AdmissionRequest {
	request := r.request("apps", "v1", "Deployment", "deployments", admissionv1.Delete)
	request.OldObject = encoded(r.deployment(ctx, name))
	return request
}

func (r release) request(group, version, kind, resource string, operation admissionv1.Operation) *admissionv1.AdmissionRequest {
	return &admissionv1.AdmissionRequest{
		UID: uuid.NewUUID(), Namespace: r.namespace, Operation: operation,
		Kind:     metav1.GroupVersionKind{Group: group, Version: version, Kind: kind},
		Resource: metav1.GroupVersionResource{Group: group, Version: version, Resource: resource},
		UserInfo: authenticationv1.UserInfo{Username: "jane"},
	}
}

func encoded(object client.Object) runtime.RawExtension {
	kind, err := guarded.Client.GroupVersionKindFor(object)
	Expect(err).NotTo(HaveOccurred())
	object.GetObjectKind().SetGroupVersionKind(kind)
	text, err := json.Marshal(object)
	Expect(err).NotTo(HaveOccurred())
	return runtime.RawExtension{Raw: text}
}

// intents are the Leases that announce changes in the namespace.
func (r release) intents(ctx context.Context) []coordinationv1.Lease {
	list := &coordinationv1.LeaseList{}
	Expect(guarded.Client.List(ctx, list, client.InNamespace(install.Namespace), client.MatchingLabels{"greenlight.dev/namespace": r.namespace})).To(Succeed())
	return list.Items
}
