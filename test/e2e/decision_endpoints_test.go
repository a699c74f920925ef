package e2e

import (
	"context"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	corev1 "k8s.io/api/core/v1"
	discoveryv1 "k8s.io/api/discovery/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"greenlight.dev/greenlight/test/fixture"
)

const (
	controlled = "endpointslice-controller.k8s.io"
	mirrored   = "endpointslicemirroring-controller.k8s.io"
	written    = ""
)

// What becomes of endpoints that no selector filled once there is one is what the controllers do, and each
// case shows it after the verdict.
var _ = Describe(decisionTable, Ordered, ContinueOnFailure, func() {
	var w world

	BeforeAll(func(ctx context.Context) {
		namespace, err := guarded.Namespace(ctx)
		Expect(err).NotTo(HaveOccurred())
		w = world{release{namespace}}
		w.create(ctx, w.workload("green", 2))
		w.create(ctx, fixture.Unready(w.workload("slow", 2)))
		w.create(ctx, w.workload("small", 1))
		w.waitAvailable(ctx, "green")
		w.waitAvailable(ctx, "small")
		w.waitRunning(ctx, "slow", 2)
	})

	unselected := func(name string) *corev1.Service {
		service := fixture.Service(w.namespace, "")
		service.Name, service.Spec.Selector = name, nil
		return service
	}
	notReady := row{to: to("slow"), denied: firstSelector + "ReplicaSet slow-1 is not fully ready (0/2 available): slow-1-a: " + failing + "; slow-1-b: " + failing + ". " + retryAfter("deployment", "slow")}

	It("mirrored endpoints are held against pods that are not ready, and go", func(ctx context.Context) {
		service := unselected("mirrored")
		w.create(ctx, service)
		w.create(ctx, endpoints(service))
		Eventually(w.ready).WithContext(ctx).WithArguments(service).Should(Equal(map[string]int{mirrored: 1}))
		w.judgeUpdate(ctx, guarded.Config(), service.DeepCopy(), notReady)
		w.judgeUpdate(ctx, guarded.Config(), service, row{to: to("green")})
		Eventually(w.ready).WithContext(ctx).WithArguments(service).Should(Equal(map[string]int{controlled: 2}))
	})

	It("endpoints that a selector left behind are held against pods that are not ready, and go", func(ctx context.Context) {
		left := fixture.Service(w.namespace, "green")
		left.Name = "left"
		w.create(ctx, left)
		Eventually(w.ready).WithContext(ctx).WithArguments(left).Should(Equal(map[string]int{controlled: 2}))
		Expect(guarded.Client.Delete(ctx, left, client.PropagationPolicy(metav1.DeletePropagationOrphan))).To(Succeed())
		// They would be mirrored for a Service without a selector.
		Eventually(func(ctx context.Context) error {
			return guarded.Client.Get(ctx, client.ObjectKeyFromObject(left), endpoints(left))
		}).WithContext(ctx).Should(MatchError(apierrors.IsNotFound, "IsNotFound"))
		service := unselected("left")
		Eventually(func(ctx context.Context) error { return guarded.Client.Create(ctx, service.DeepCopy()) }).WithContext(ctx).Should(Succeed())
		Expect(guarded.Client.Get(ctx, client.ObjectKeyFromObject(service), service)).To(Succeed())
		Expect(w.ready(ctx, service)).To(Equal(map[string]int{controlled: 2}))
		w.judgeUpdate(ctx, guarded.Config(), service.DeepCopy(), notReady)
		w.judgeUpdate(ctx, guarded.Config(), service, row{to: to("small")})
		Eventually(w.ready).WithContext(ctx).WithArguments(service).Should(Equal(map[string]int{controlled: 1}))
	})

	It("endpoints that somebody wrote are warned of, and stay", func(ctx context.Context) {
		service := unselected("written")
		w.create(ctx, service)
		w.create(ctx, endpointSlice(service))
		w.judgeUpdate(ctx, guarded.Config(), service, row{
			to: to("green"),
			warned: "selector app (none) → hello, version (none) → green: the selector does not replace EndpointSlice written-1, whose endpoints get requests as well. " +
				`Once the new pods serve, run "kubectl delete -n shop endpointslices written-1".`,
		})
		Eventually(w.ready).WithContext(ctx).WithArguments(service).Should(Equal(map[string]int{controlled: 2, written: 1}))
	})
})

// ready counts the ready endpoints of a Service by who manages their slice.
func (w world) ready(ctx context.Context, service *corev1.Service) map[string]int {
	slices := &discoveryv1.EndpointSliceList{}
	Expect(guarded.Client.List(ctx, slices, client.InNamespace(w.namespace),
		client.MatchingLabels{discoveryv1.LabelServiceName: service.Name})).To(Succeed())
	ready := map[string]int{}
	for _, slice := range slices.Items {
		for _, endpoint := range slice.Endpoints {
			if endpoint.Conditions.Ready == nil || *endpoint.Conditions.Ready {
				ready[slice.Labels[discoveryv1.LabelManagedBy]]++
			}
		}
	}
	return ready
}

// endpoints are of the older API, which the controllers mirror to EndpointSlices.
func endpoints(service *corev1.Service) *unstructured.Unstructured {
	return &unstructured.Unstructured{Object: map[string]any{
		"apiVersion": "v1", "kind": "Endpoints",
		"metadata": map[string]any{"namespace": service.Namespace, "name": service.Name},
		"subsets": []any{map[string]any{
			"addresses": []any{map[string]any{"ip": "192.0.2.1"}},
			"ports":     []any{map[string]any{"name": "http", "port": int64(8080)}},
		}},
	}}
}

func endpointSlice(service *corev1.Service) *discoveryv1.EndpointSlice {
	return &discoveryv1.EndpointSlice{
		ObjectMeta: metav1.ObjectMeta{
			Namespace: service.Namespace, Name: service.Name + "-1",
			Labels: map[string]string{discoveryv1.LabelServiceName: service.Name},
		},
		AddressType: discoveryv1.AddressTypeIPv4,
		Ports:       []discoveryv1.EndpointPort{{Name: new("http"), Port: new(int32(8080))}},
		Endpoints:   []discoveryv1.Endpoint{{Addresses: []string{"192.0.2.1"}}},
	}
}
