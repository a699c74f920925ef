package e2e

import (
	"context"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	appsv1 "k8s.io/api/apps/v1"
	"k8s.io/client-go/util/retry"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"greenlight.dev/greenlight/test/fixture"
)

var _ = Describe("relabelling a StatefulSet that serves", func() {
	var r release

	BeforeEach(func(ctx context.Context) {
		namespace, err := guarded.Namespace(ctx)
		Expect(err).NotTo(HaveOccurred())
		r = release{namespace}
		service := fixture.Service(namespace, "3")
		service.Spec.Selector[tier] = "front"
		r.create(ctx, service)
		set := statefulSet(namespace)
		set.Spec.Template.Labels[tier] = "front"
		r.create(ctx, set)
		Eventually(r.endpoints).WithContext(ctx).Should(Equal(2))
	})

	update := func(ctx context.Context, change func(*appsv1.StatefulSetSpec)) error {
		return retry.RetryOnConflict(retry.DefaultRetry, func() error {
			set := &appsv1.StatefulSet{}
			Expect(guarded.Client.Get(ctx, client.ObjectKey{Namespace: r.namespace, Name: "db"}, set)).To(Succeed())
			change(&set.Spec)
			return guarded.Client.Update(ctx, set)
		})
	}
	partition := func(from int32) appsv1.StatefulSetUpdateStrategy {
		return appsv1.StatefulSetUpdateStrategy{
			Type: appsv1.RollingUpdateStatefulSetStrategyType, RollingUpdate: &appsv1.RollingUpdateStatefulSetStrategy{Partition: new(from)},
		}
	}
	lost := func(pods string) string {
		return "the rollout takes " + pods + " out of Service hello: it selects tier=front, which the new template does not have, and no other pod serves it."
	}

	It("is denied where it replaces every pod", func(ctx context.Context) {
		Expect(update(ctx, func(spec *appsv1.StatefulSetSpec) { spec.Template.Labels[tier] = "back" })).To(MatchError(ContainSubstring(lost("all 2 pods"))))
	})

	It("is allowed where a partition keeps a pod, and then denied to lowering the partition", func(ctx context.Context) {
		Expect(update(ctx, func(spec *appsv1.StatefulSetSpec) {
			spec.Template.Labels[tier], spec.UpdateStrategy = "back", partition(1)
		})).To(Succeed())
		Eventually(r.endpoints).WithContext(ctx).Should(Equal(1))
		Expect(update(ctx, func(spec *appsv1.StatefulSetSpec) { spec.UpdateStrategy = partition(0) })).To(MatchError(ContainSubstring(lost("all 2 pods"))))
	})

	It("is allowed with OnDelete, and then denied to any other strategy", func(ctx context.Context) {
		Expect(update(ctx, func(spec *appsv1.StatefulSetSpec) {
			spec.Template.Labels[tier], spec.UpdateStrategy = "back", appsv1.StatefulSetUpdateStrategy{Type: appsv1.OnDeleteStatefulSetStrategyType}
		})).To(Succeed())
		Expect(update(ctx, func(spec *appsv1.StatefulSetSpec) { spec.UpdateStrategy = partition(0) })).To(MatchError(ContainSubstring(lost("all 2 pods"))))
	})
})
