package e2e

import (
	"context"

	. "github.com/onsi/gomega"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/util/retry"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"greenlight.dev/greenlight/test/cluster"
)

// createStatefulSets makes those of the world. What waits for a later step has 2 replicas that are ready.
func (w world) createStatefulSets(ctx context.Context) {
	unready := func(set *appsv1.StatefulSet) { set.Spec.Template.Annotations[cluster.ReadyAnnotation] = "false" }
	for _, set := range []*appsv1.StatefulSet{
		w.statefulSet("db", func(set *appsv1.StatefulSet) { set.Spec.Ordinals = &appsv1.StatefulSetOrdinals{Start: 5} }),
		w.statefulSet("db-slow", unready),
		w.statefulSet("db-parallel", unready, func(set *appsv1.StatefulSet) { set.Spec.PodManagementPolicy = appsv1.ParallelPodManagement }),
		w.statefulSet("db-zero", func(set *appsv1.StatefulSet) { set.Spec.Replicas = new(int32(0)) }),
		w.statefulSet("db-rolling"),
		w.statefulSet("db-partition", func(set *appsv1.StatefulSet) {
			set.Spec.UpdateStrategy.RollingUpdate = &appsv1.RollingUpdateStatefulSetStrategy{Partition: new(int32(1))}
		}),
		w.statefulSet("db-on-delete", func(set *appsv1.StatefulSet) {
			set.Spec.UpdateStrategy.Type = appsv1.OnDeleteStatefulSetStrategyType
		}),
		w.statefulSet("db-gone", func(set *appsv1.StatefulSet) { set.Spec.Template.Annotations[cluster.EndsAfterAnnotation] = "1h" }),
	} {
		w.create(ctx, set)
	}
}

func (w world) statefulSet(name string, changes ...func(*appsv1.StatefulSet)) *appsv1.StatefulSet {
	like := w.workload(name, 2)
	set := &appsv1.StatefulSet{ObjectMeta: like.ObjectMeta, Spec: appsv1.StatefulSetSpec{
		Replicas: like.Spec.Replicas, Selector: like.Spec.Selector, Template: like.Spec.Template, ServiceName: name,
	}}
	for _, change := range changes {
		change(set)
	}
	return set
}

func (w world) getStatefulSet(ctx context.Context, name string) *appsv1.StatefulSet {
	set := &appsv1.StatefulSet{}
	Expect(guarded.Client.Get(ctx, client.ObjectKey{Namespace: w.namespace, Name: name}, set)).To(Succeed())
	return set
}

func (w world) waitStatefulSet(ctx context.Context, name string, met func(*appsv1.StatefulSet) bool) {
	Eventually(func(ctx context.Context) bool {
		set := w.getStatefulSet(ctx, name)
		return set.Status.ObservedGeneration == set.Generation && met(set)
	}).WithContext(ctx).Should(BeTrue(), name)
}

// unrestStatefulSets changes the templates of those that roll, and deletes one whose pods take long to end.
func (w world) unrestStatefulSets(ctx context.Context) {
	for _, name := range []string{"db", "db-rolling", "db-partition", "db-on-delete", "db-gone"} {
		w.waitStatefulSet(ctx, name, func(set *appsv1.StatefulSet) bool { return set.Status.AvailableReplicas == 2 })
	}
	w.waitRunning(ctx, "db-slow", 1)
	w.waitRunning(ctx, "db-parallel", 2)
	newer := map[string]string{"db-rolling": "false", "db-partition": "true", "db-on-delete": "true"}
	for name, ready := range newer {
		Expect(retry.RetryOnConflict(retry.DefaultRetry, func() error {
			set := w.getStatefulSet(ctx, name)
			set.Spec.Template.Annotations = map[string]string{cluster.ReadyAnnotation: ready}
			return guarded.Client.Update(ctx, set)
		})).To(Succeed())
	}
	gone := &appsv1.StatefulSet{ObjectMeta: metav1.ObjectMeta{Namespace: w.namespace, Name: "db-gone"}}
	Expect(guarded.Client.Delete(ctx, gone, client.PropagationPolicy(metav1.DeletePropagationBackground))).To(Succeed())

	w.waitStatefulSet(ctx, "db-rolling", func(set *appsv1.StatefulSet) bool {
		return set.Status.UpdatedReplicas == 1 && set.Status.ReadyReplicas == 1
	})
	w.waitRunning(ctx, "db-rolling", 2)
	w.waitStatefulSet(ctx, "db-partition", func(set *appsv1.StatefulSet) bool {
		return set.Status.UpdatedReplicas == 1 && set.Status.AvailableReplicas == 2
	})
	w.waitStatefulSet(ctx, "db-on-delete", func(set *appsv1.StatefulSet) bool { return set.Status.UpdatedReplicas == 0 })
	Eventually(w.pods).WithContext(ctx).WithArguments("db-gone").Should(HaveEach(HaveField("DeletionTimestamp", Not(BeNil()))))
}

// podOf is the selector of the one pod of a StatefulSet.
func podOf(name string) func(*corev1.Service) {
	return func(service *corev1.Service) {
		service.Spec.Selector = map[string]string{appsv1.StatefulSetPodNameLabel: name}
	}
}
