package admission

import (
	"context"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/util/retry"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"greenlight.dev/greenlight/api/v1alpha1"
	"greenlight.dev/greenlight/test/fixture"
)

// latest is the fault that these tests set policies against: baseline warns about it.
const latest = `mutable-image-tag at spec.template.spec.containers[name="web"].image`

// faulty returns a Deployment whose image has the tag latest.
func faulty(namespace string) *appsv1.Deployment {
	deployment := fixture.Deployment(namespace, "web", "1")
	deployment.Spec.Template.Spec.Containers[0].Image = "registry.example/hello:latest"
	return deployment
}

// denying is a spec that denies the fault in one namespace.
func denying(namespace string) v1alpha1.RolloutPolicySpec {
	return v1alpha1.RolloutPolicySpec{NamespaceSelector: only(namespace), Rules: []v1alpha1.RuleSetting{set(v1alpha1.Deny)}}
}

func set(mode v1alpha1.Mode) v1alpha1.RuleSetting {
	return v1alpha1.RuleSetting{Name: "mutable-image-tag", Mode: mode}
}

func only(namespace string) *metav1.LabelSelector {
	return &metav1.LabelSelector{MatchLabels: map[string]string{corev1.LabelMetadataName: namespace}}
}

// govern stores a policy until the test ends, and waits until it is accepted.
func govern(ctx context.Context, name string, spec v1alpha1.RolloutPolicySpec) *v1alpha1.RolloutPolicy {
	policy := &v1alpha1.RolloutPolicy{Spec: spec}
	policy.Name = name
	Expect(guarded.Client.Create(ctx, policy)).To(Succeed())
	DeferCleanup(func(ctx context.Context) {
		Expect(client.IgnoreNotFound(guarded.Client.Delete(ctx, policy))).To(Succeed())
	})
	Eventually(acceptance).WithContext(ctx).WithArguments(policy).Should(HaveField("Status", metav1.ConditionTrue))
	return policy
}

// rewrite changes the spec of a policy, whose status changes meanwhile.
func rewrite(ctx context.Context, policy *v1alpha1.RolloutPolicy, change func(*v1alpha1.RolloutPolicySpec)) {
	GinkgoHelper()
	Expect(retry.RetryOnConflict(retry.DefaultRetry, func() error {
		if err := guarded.Client.Get(ctx, client.ObjectKeyFromObject(policy), policy); err != nil {
			return err
		}
		change(&policy.Spec)
		return guarded.Client.Update(ctx, policy)
	})).To(Succeed())
}

// turn changes the mode of the fault.
func turn(ctx context.Context, policy *v1alpha1.RolloutPolicy, mode v1alpha1.Mode) {
	GinkgoHelper()
	rewrite(ctx, policy, func(spec *v1alpha1.RolloutPolicySpec) { spec.Rules[0] = set(mode) })
}

// acceptance reads the policy again and returns what its status says of its newest generation.
func acceptance(ctx context.Context, policy *v1alpha1.RolloutPolicy) (*metav1.Condition, error) {
	if err := guarded.Client.Get(ctx, client.ObjectKeyFromObject(policy), policy); err != nil {
		return nil, err
	}
	condition := meta.FindStatusCondition(policy.Status.Conditions, v1alpha1.Accepted)
	if condition == nil || condition.ObservedGeneration != policy.Generation {
		return &metav1.Condition{}, nil
	}
	return condition, nil
}

// settled waits until the status of a policy counts the namespace that it governs too, which may be known later, and
// returns the version of the policy that has it.
func settled(ctx context.Context, policy *v1alpha1.RolloutPolicy) string {
	GinkgoHelper()
	Eventually(func(ctx context.Context) (int32, error) {
		_, err := acceptance(ctx, policy)
		return policy.Status.GovernedNamespaces, err
	}).WithContext(ctx).Should(Equal(int32(1)))
	return policy.ResourceVersion
}

// dryRun creates a Deployment for show. Nothing that is judged is stored.
func dryRun(ctx context.Context, deployment *appsv1.Deployment) error {
	return guarded.Client.Create(ctx, deployment.DeepCopy(), client.DryRunAll)
}

// expectDenied waits until a Deployment is denied with a message that contains each text.
func expectDenied(ctx context.Context, deployment *appsv1.Deployment, texts ...string) {
	GinkgoHelper()
	var last error
	Eventually(func(ctx context.Context) bool {
		last = dryRun(ctx, deployment)
		return apierrors.IsForbidden(last)
	}).WithContext(ctx).Should(BeTrue())
	for _, text := range texts {
		Expect(last).To(MatchError(ContainSubstring(text)))
	}
}

func expectAllowed(ctx context.Context, deployment *appsv1.Deployment) {
	GinkgoHelper()
	Eventually(dryRun).WithContext(ctx).WithArguments(deployment).Should(Succeed())
}

// inSeconds is a time that the API can hold.
func inSeconds(seconds int) metav1.Time {
	return metav1.NewTime(time.Now().Add(time.Duration(seconds) * time.Second).Truncate(time.Second))
}
