package cluster

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	discoveryv1 "k8s.io/api/discovery/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/util/intstr"
	"k8s.io/client-go/kubernetes"
	"k8s.io/utils/ptr"
)

func TestPodsRunOnSimulatedNodes(t *testing.T) {
	dir := t.TempDir()
	c := startCluster(t, Options{Dir: dir, Nodes: 3})
	s := suite{T: t, client: client(t, c)}
	for name, test := range map[string]func(suite){
		"the nodes have the version of the API server":               nodesHaveTheServersVersion,
		"a Service gets the ready pods of a Deployment":              serviceGetsReadyPods,
		"a pod whose probe fails is recovered by an annotation":      annotationRecoversPod,
		"a ready pod is made to fail by an annotation":               annotationFailsPod,
		"a pod becomes ready after a delay":                          podBecomesReadyLater,
		"a pod waits to become ready until it is failed":             failingEndsTheDelay,
		"a container waits for an image until the annotation goes":   containerWaits,
		"a pod is available only after its minimum of ready seconds": minReadySecondsCount,
		"a deleted pod ends after a delay":                           podEndsLater,
	} {
		t.Run(name, func(t *testing.T) { test(suite{T: t, client: s.client}.inNamespace()) })
	}
	t.Run("controllers act as their service accounts", func(t *testing.T) {
		log, err := os.ReadFile(c.AuditLog())
		if err != nil || !strings.Contains(string(log), "system:serviceaccount:kube-system:deployment-controller") {
			t.Errorf("the deployment controller is not in the audit log (%v)", err)
		}
	})
	stopCluster(t, c)
}

func nodesHaveTheServersVersion(s suite) {
	server, err := s.client.Discovery().ServerVersion()
	s.must(err)
	nodes, err := s.client.CoreV1().Nodes().List(s.Context(), metav1.ListOptions{})
	s.must(err)
	if len(nodes.Items) != 3 {
		s.Errorf("there are %d nodes", len(nodes.Items))
	}
	for _, node := range nodes.Items {
		if node.Status.NodeInfo.KubeletVersion != server.GitVersion {
			s.Errorf("%s has the kubelet %s", node.Name, node.Status.NodeInfo.KubeletVersion)
		}
	}
}

func serviceGetsReadyPods(s suite) {
	s.deploy(3, 0, nil)
	s.service()
	eventually(s.T, "the Service has 3 ready endpoints", func() bool { return len(s.readyEndpoints()) == 3 })
	// The addresses may not tell them apart: kwok gives the first pods that it starts at once the same.
	pods := s.readyEndpoints()
	slices.Sort(pods)
	if distinct := slices.Compact(slices.Clone(pods)); len(distinct) != 3 {
		s.Errorf("the endpoints are of the pods %v", pods)
	}
}

func annotationRecoversPod(s suite) {
	s.deploy(1, 0, map[string]string{ReadyAnnotation: "false"})
	s.service()
	eventually(s.T, "a running pod is in the EndpointSlice", func() bool { return s.endpoints() == 1 })
	pod := s.pod()
	ready := condition(pod, corev1.PodReady)
	if pod.Status.Phase != corev1.PodRunning || ready.Status != corev1.ConditionFalse {
		s.Errorf("it is %s with Ready=%s", pod.Status.Phase, ready.Status)
	}
	if ready.Reason != "ContainersNotReady" || ready.Message != "containers with unready status: [hello]" {
		s.Errorf("Ready has the reason %q and the message %q", ready.Reason, ready.Message)
	}
	if container := pod.Status.ContainerStatuses[0]; container.Ready || !*container.Started || container.State.Running == nil {
		s.Errorf("its container is %+v", container)
	}
	eventually(s.T, "an event tells of the probe", func() bool { return s.hasEvent("Unhealthy") })
	s.annotate(pod.Name, ReadyAnnotation, "true")
	eventually(s.T, "it is a ready endpoint", func() bool { return len(s.readyEndpoints()) == 1 })
}

func annotationFailsPod(s suite) {
	s.deploy(1, 0, nil)
	s.service()
	eventually(s.T, "it is a ready endpoint", func() bool { return len(s.readyEndpoints()) == 1 })
	before := s.pod()
	s.annotate(before.Name, ReadyAnnotation, "false")
	eventually(s.T, "it is no ready endpoint", func() bool { return len(s.readyEndpoints()) == 0 })
	s.annotate(before.Name, ReadyAnnotation, "")
	eventually(s.T, "it is a ready endpoint again", func() bool { return len(s.readyEndpoints()) == 1 })
	if after := s.pod(); after.Status.PodIP != before.Status.PodIP || after.UID != before.UID {
		s.Errorf("the pod changed from %s to %s", before.Status.PodIP, after.Status.PodIP)
	}
}

func podBecomesReadyLater(s suite) {
	s.deploy(1, 0, map[string]string{ReadyAfterAnnotation: "2s"})
	eventually(s.T, "it is ready", func() bool { return s.ready() == 1 })
	pod := s.pod()
	ready := condition(pod, corev1.PodReady)
	// Times in the API are whole seconds.
	if waited := ready.LastTransitionTime.Sub(pod.Status.StartTime.Time); waited < time.Second {
		s.Errorf("it was ready after %s, want 2 s", waited)
	}
}

func failingEndsTheDelay(s suite) {
	s.deploy(1, 0, map[string]string{ReadyAfterAnnotation: "2s"})
	eventually(s.T, "it runs", func() bool { return len(s.pods()) == 1 && s.pod().Status.Phase == corev1.PodRunning })
	s.annotate(s.pod().Name, ReadyAnnotation, "false")
	eventually(s.T, "an event tells of the probe", func() bool { return s.hasEvent("Unhealthy") })
	s.annotate(s.pod().Name, ReadyAnnotation, "true")
	eventually(s.T, "it is ready", func() bool { return s.ready() == 1 })
}

func containerWaits(s suite) {
	s.deploy(1, 0, map[string]string{WaitingAnnotation: "ImagePullBackOff"})
	eventually(s.T, "the container waits", func() bool { return len(s.pods()) == 1 && len(s.pod().Status.ContainerStatuses) == 1 })
	pod := s.pod()
	waiting := pod.Status.ContainerStatuses[0].State.Waiting
	if pod.Status.Phase != corev1.PodPending || waiting == nil || waiting.Reason != "ImagePullBackOff" {
		s.Errorf("it is %s, and its container %+v", pod.Status.Phase, waiting)
	}
	s.annotate(pod.Name, WaitingAnnotation, "")
	eventually(s.T, "it is ready", func() bool { return s.ready() == 1 })
}

func minReadySecondsCount(s suite) {
	s.deploy(1, 3, nil)
	eventually(s.T, "it is available", func() bool { return s.available().Status == corev1.ConditionTrue })
	ready := condition(s.pod(), corev1.PodReady)
	// Times in the API are whole seconds.
	if waited := s.available().LastTransitionTime.Sub(ready.LastTransitionTime.Time); waited < 2*time.Second {
		s.Errorf("it was available %s after it was ready, want 3 s", waited)
	}
}

func podEndsLater(s suite) {
	s.deploy(1, 0, map[string]string{EndsAfterAnnotation: "2s"})
	eventually(s.T, "it is ready", func() bool { return s.ready() == 1 })
	pod := s.pod()
	begin := time.Now()
	s.must(s.client.CoreV1().Pods(s.namespace).Delete(s.Context(), pod.Name, metav1.DeleteOptions{}))
	eventually(s.T, "it is gone", func() bool {
		return !slices.ContainsFunc(s.pods(), func(p corev1.Pod) bool { return p.UID == pod.UID })
	})
	if took := time.Since(begin); took < time.Second {
		s.Errorf("it was gone after %s, want 2 s", took)
	}
}

// suite has one Deployment and one Service, both named hello, in a namespace of its own.
type suite struct {
	*testing.T
	client    kubernetes.Interface
	namespace string
}

func (s suite) inNamespace() suite {
	namespace := &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{GenerateName: "test-"}}
	created, err := s.client.CoreV1().Namespaces().Create(s.Context(), namespace, metav1.CreateOptions{})
	s.must(err)
	s.namespace = created.Name
	return s
}

func (s suite) deploy(replicas, minReadySeconds int32, annotations map[string]string) {
	labels := map[string]string{"app": "hello"}
	_, err := s.client.AppsV1().Deployments(s.namespace).Create(s.Context(), &appsv1.Deployment{
		ObjectMeta: metav1.ObjectMeta{Name: "hello"},
		Spec: appsv1.DeploymentSpec{
			Replicas:        &replicas,
			MinReadySeconds: minReadySeconds,
			Selector:        &metav1.LabelSelector{MatchLabels: labels},
			Template: corev1.PodTemplateSpec{
				ObjectMeta: metav1.ObjectMeta{Labels: labels, Annotations: annotations},
				Spec:       corev1.PodSpec{Containers: []corev1.Container{{Name: "hello", Image: "hello:1"}}},
			},
		},
	}, metav1.CreateOptions{})
	s.must(err)
}

func (s suite) service() {
	_, err := s.client.CoreV1().Services(s.namespace).Create(s.Context(), &corev1.Service{
		ObjectMeta: metav1.ObjectMeta{Name: "hello"},
		Spec: corev1.ServiceSpec{
			Selector: map[string]string{"app": "hello"},
			Ports:    []corev1.ServicePort{{Port: 80, TargetPort: intstr.FromInt32(8080)}},
		},
	}, metav1.CreateOptions{})
	s.must(err)
}

func (s suite) deployment() *appsv1.Deployment {
	deployment, err := s.client.AppsV1().Deployments(s.namespace).Get(s.Context(), "hello", metav1.GetOptions{})
	s.must(err)
	return deployment
}

func (s suite) available() appsv1.DeploymentCondition {
	for _, condition := range s.deployment().Status.Conditions {
		if condition.Type == appsv1.DeploymentAvailable {
			return condition
		}
	}
	return appsv1.DeploymentCondition{}
}

func (s suite) ready() int32 { return s.deployment().Status.ReadyReplicas }

func (s suite) pods() []corev1.Pod {
	pods, err := s.client.CoreV1().Pods(s.namespace).List(s.Context(), metav1.ListOptions{})
	s.must(err)
	return pods.Items
}

func (s suite) pod() corev1.Pod { return s.pods()[0] }

// annotate takes the annotation away if the value is empty.
func (s suite) annotate(pod, key, value string) {
	patch := fmt.Sprintf(`{"metadata":{"annotations":{%q:%q}}}`, key, value)
	if value == "" {
		patch = fmt.Sprintf(`{"metadata":{"annotations":{%q:null}}}`, key)
	}
	_, err := s.client.CoreV1().Pods(s.namespace).
		Patch(s.Context(), pod, types.MergePatchType, []byte(patch), metav1.PatchOptions{})
	s.must(err)
}

func (s suite) hasEvent(reason string) bool {
	events, err := s.client.CoreV1().Events(s.namespace).List(s.Context(), metav1.ListOptions{})
	s.must(err)
	return slices.ContainsFunc(events.Items, func(e corev1.Event) bool { return e.Reason == reason })
}

func (s suite) slices() []discoveryv1.EndpointSlice {
	list, err := s.client.DiscoveryV1().EndpointSlices(s.namespace).List(s.Context(), metav1.ListOptions{})
	s.must(err)
	return list.Items
}

func (s suite) endpoints() int {
	count := 0
	for _, slice := range s.slices() {
		count += len(slice.Endpoints)
	}
	return count
}

// readyEndpoints returns the names of the pods that are ready endpoints.
func (s suite) readyEndpoints() []string {
	var pods []string
	for _, slice := range s.slices() {
		for _, endpoint := range slice.Endpoints {
			if ptr.Deref(endpoint.Conditions.Ready, false) {
				pods = append(pods, endpoint.TargetRef.Name)
			}
		}
	}
	return pods
}

func (s suite) must(err error) {
	s.Helper()
	if err != nil {
		s.Fatal(err)
	}
}

func condition(pod corev1.Pod, kind corev1.PodConditionType) corev1.PodCondition {
	for _, condition := range pod.Status.Conditions {
		if condition.Type == kind {
			return condition
		}
	}
	return corev1.PodCondition{}
}
