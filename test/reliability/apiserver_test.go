package reliability

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"path/filepath"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"golang.org/x/sys/unix"
	admissionv1 "k8s.io/api/admission/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/client-go/tools/clientcmd"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"greenlight.dev/greenlight/api/v1alpha1"
	"greenlight.dev/greenlight/test/cluster"
	"greenlight.dev/greenlight/test/fixture"
	"greenlight.dev/greenlight/test/install"
)

const confirmedMetric = "greenlight_policies_confirmed_timestamp_seconds"

// errAllowed is a switch that must not be: nobody has deployed what it leads to.
var errAllowed = errors.New("the switch was allowed")

var _ = Describe("a switch to a version that nobody deployed", Serial, func() {
	var service *corev1.Service

	BeforeEach(func(ctx context.Context) {
		namespace, err := guarded.Namespace(ctx)
		Expect(err).NotTo(HaveOccurred())
		service = fixture.Service(namespace, "1")
		Expect(guarded.Client.Create(ctx, service)).To(Succeed())
		servePod(ctx, namespace)
		Eventually(tryOut).WithContext(ctx).WithArguments(service).Should(MatchError(ContainSubstring("denied the request")))
	})

	DescribeTable("is never allowed while", func(ctx context.Context, fault func(context.Context)) {
		load := startLoad(func() func(context.Context) error {
			return func(ctx context.Context) error { return wrongIfAllowed(tryOut(ctx, service)) }
		})
		defer load.stop()
		fault(ctx)
		since := time.Now()
		Eventually(tryOut).WithContext(ctx).WithArguments(service).Should(MatchError(ContainSubstring("denied the request")))
		tried, allowed := load.stop()
		AddReportEntry("switches", fmt.Sprintf("%d tried, %d allowed; judged again %s after the fault", tried, len(allowed), time.Since(since).Round(time.Millisecond)))
		Expect(allowed).To(BeEmpty())
		stored := &corev1.Service{}
		Expect(guarded.Client.Get(ctx, client.ObjectKeyFromObject(service), stored)).To(Succeed())
		Expect(stored.Spec.Selector).To(Equal(fixture.Labels("1")))
	},
		Entry("the API server is killed and started anew", SpecTimeout(2*time.Minute), func(ctx context.Context) {
			Expect(guarded.Signal(cluster.APIServer, unix.SIGKILL)).To(Succeed())
			Expect(guarded.Cluster.Restart(ctx, cluster.APIServer)).To(Succeed())
		}),
		Entry("etcd is paused", SpecTimeout(2*time.Minute), func(ctx context.Context) {
			Expect(guarded.Pause(cluster.Etcd)).To(Succeed())
			<-time.After(outage(3*time.Second, 10*time.Second))
			Expect(guarded.Signal(cluster.Etcd, unix.SIGCONT)).To(Succeed())
		}),
	)

	It("is never allowed by a webhook that is cut from the API server, whose metrics tell", func(ctx context.Context) {
		replica, line := replicaBehindProxy(ctx)
		Eventually(askSwitch).WithContext(ctx).WithArguments(replica, service).Should(MatchError(ContainSubstring("denied: ")))
		Eventually(confirmed).WithContext(ctx).WithArguments(replica).Should(BeNumerically(">", 0))

		load := startLoad(func() func(context.Context) error {
			return func(ctx context.Context) error { return wrongIfAllowed(askSwitch(ctx, replica, service)) }
		})
		defer load.stop()
		line.setCut(true)
		Eventually(askSwitch).WithContext(ctx).WithArguments(replica, service).Should(MatchError(ContainSubstring("answers 500")))
		policy := &v1alpha1.RolloutPolicy{ObjectMeta: metav1.ObjectMeta{Name: "unseen"}}
		Expect(guarded.Client.Create(ctx, policy)).To(Succeed())
		DeferCleanup(func(ctx context.Context) { Expect(guarded.Client.Delete(ctx, policy)).To(Succeed()) })
		written := time.Now()
		Consistently(confirmed).WithContext(ctx).WithArguments(replica).WithTimeout(outage(3*time.Second, 20*time.Second)).Should(BeNumerically("<=", written.Unix()))

		line.setCut(false)
		mended := time.Now()
		Eventually(confirmed).WithContext(ctx).WithArguments(replica).WithTimeout(2 * time.Minute).Should(BeNumerically(">", mended.Unix()))
		Eventually(askSwitch).WithContext(ctx).WithArguments(replica, service).Should(MatchError(ContainSubstring("denied: ")))
		tried, allowed := load.stop()
		AddReportEntry("switches", fmt.Sprintf("%d tried, %d allowed; policies confirmed %s after the cut", tried, len(allowed), time.Since(mended).Round(time.Millisecond)))
		Expect(allowed).To(BeEmpty())
	}, SpecTimeout(4*time.Minute))

	It("is judged by a webhook that started while the API server was away, without a hand", func(ctx context.Context) {
		replica, line := replicaBehindProxy(ctx)
		line.setCut(true)
		Expect(replica.Rerun()).To(Succeed())
		Eventually(replica.Alive).WithContext(ctx).Should(Succeed())
		Consistently(func(g Gomega) {
			g.Expect(replica.Alive(ctx)).To(Succeed())
			g.Expect(replica.Ready(ctx)).To(MatchError(ContainSubstring("[-]caches failed")))
		}).WithTimeout(outage(3*time.Second, time.Minute)).Should(Succeed())

		line.setCut(false)
		mended := time.Now()
		Eventually(askSwitch).WithContext(ctx).WithArguments(replica, service).WithTimeout(2 * time.Minute).Should(MatchError(ContainSubstring("denied: ")))
		Eventually(replica.Ready).WithContext(ctx).Should(Succeed())
		AddReportEntry("judged", time.Since(mended).Round(time.Millisecond).String()+" after the API server was back")
	}, SpecTimeout(4*time.Minute))
})

// servePod creates the pod that serves version 1: ready, as a kubelet would say.
func servePod(ctx context.Context, namespace string) {
	template := fixture.Deployment(namespace, "web", "1").Spec.Template
	pod := &corev1.Pod{ObjectMeta: metav1.ObjectMeta{Namespace: namespace, Name: "web", Labels: template.Labels}, Spec: template.Spec}
	pod.Spec.NodeName = "node-1"
	Expect(guarded.Client.Create(ctx, pod)).To(Succeed())
	pod.Status = corev1.PodStatus{
		Phase: corev1.PodRunning, PodIP: "10.244.0.1", PodIPs: []corev1.PodIP{{IP: "10.244.0.1"}},
		Conditions: []corev1.PodCondition{{Type: corev1.PodReady, Status: corev1.ConditionTrue}},
	}
	Expect(guarded.Client.Status().Update(ctx, pod)).To(Succeed())
}

// outage is how long a fault lasts.
func outage(short, whole time.Duration) time.Duration {
	if *long {
		return whole
	}
	return short
}

func wrongIfAllowed(err error) error {
	if err == nil {
		return errAllowed
	}
	return nil
}

// switched is a Service that leads to a version that nobody deployed.
func switched(service *corev1.Service) *corev1.Service {
	next := service.DeepCopy()
	next.ResourceVersion = ""
	next.Spec.Selector = fixture.Labels("2")
	return next
}

// tryOut asks the API server for the switch.
func tryOut(ctx context.Context, service *corev1.Service) error {
	return guarded.Client.Update(ctx, switched(service))
}

// askSwitch asks a webhook for the switch, past the API server.
func askSwitch(ctx context.Context, replica *install.Installation, service *corev1.Service) error {
	old, err := json.Marshal(service)
	if err != nil {
		return err
	}
	next := switched(service)
	next.ResourceVersion = service.ResourceVersion
	object, err := json.Marshal(next)
	if err != nil {
		return err
	}
	response, err := replica.Review(ctx, "/validate/services", &admissionv1.AdmissionRequest{
		UID: "switch", Operation: admissionv1.Update, Namespace: service.Namespace, Name: service.Name,
		Kind:     metav1.GroupVersionKind{Version: "v1", Kind: "Service"},
		Resource: metav1.GroupVersionResource{Version: "v1", Resource: "services"},
		Object:   runtime.RawExtension{Raw: object}, OldObject: runtime.RawExtension{Raw: old},
		DryRun: new(true),
	})
	if err != nil {
		return err
	}
	if !response.Allowed {
		return fmt.Errorf("denied: %s", response.Result.Message)
	}
	return nil
}

// replicaBehindProxy runs a webhook that reaches the API server through a proxy.
func replicaBehindProxy(ctx context.Context) (*install.Installation, *proxy) {
	const name = "cut"
	server, err := url.Parse(guarded.Config().Host)
	Expect(err).NotTo(HaveOccurred())
	line := startProxy(server.Host)
	replica, err := guarded.Replica(ctx, name, "")
	Expect(err).NotTo(HaveOccurred())
	DeferCleanup(func() { Expect(guarded.End(name)).To(Succeed()) })
	file := filepath.Join(replica.Folder(), "kubeconfig")
	kubeconfig, err := clientcmd.LoadFromFile(file)
	Expect(err).NotTo(HaveOccurred())
	for _, cluster := range kubeconfig.Clusters {
		cluster.Server = line.url()
	}
	Expect(clientcmd.WriteToFile(*kubeconfig, file)).To(Succeed())
	Expect(replica.Restart(ctx)).To(Succeed())
	return replica, line
}

// confirmed is when a webhook last saw that its policies are the cluster's, in seconds of the epoch.
func confirmed(ctx context.Context, replica *install.Installation) (float64, error) {
	return replica.Count(ctx, confirmedMetric, nil)
}
