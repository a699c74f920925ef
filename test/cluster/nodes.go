package cluster

import (
	"context"
	"fmt"
	"runtime"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
)

// createNodes makes the nodes that kwok then keeps alive: node-1 in zone-1, and so on.
func createNodes(ctx context.Context, client kubernetes.Interface, count int) error {
	version, err := client.Discovery().ServerVersion()
	if err != nil {
		return err
	}
	for i := range count {
		if _, err := client.CoreV1().Nodes().Create(ctx, newNode(i+1, version.GitVersion), metav1.CreateOptions{}); err != nil {
			return fmt.Errorf("creating node %d: %w", i+1, err)
		}
	}
	return nil
}

func newNode(number int, kubelet string) *corev1.Node {
	name := fmt.Sprintf("node-%d", number)
	room := corev1.ResourceList{
		corev1.ResourceCPU:    resource.MustParse("64"),
		corev1.ResourceMemory: resource.MustParse("256Gi"),
		corev1.ResourcePods:   resource.MustParse("1000"),
	}
	return &corev1.Node{
		ObjectMeta: metav1.ObjectMeta{
			Name: name,
			Labels: map[string]string{
				corev1.LabelHostname:     name,
				corev1.LabelTopologyZone: fmt.Sprintf("zone-%d", number),
				corev1.LabelOSStable:     runtime.GOOS,
				corev1.LabelArchStable:   runtime.GOARCH,
			},
		},
		Status: corev1.NodeStatus{
			Capacity:    room,
			Allocatable: room,
			NodeInfo: corev1.NodeSystemInfo{
				KubeletVersion:          kubelet,
				ContainerRuntimeVersion: "kwok://",
				OperatingSystem:         runtime.GOOS,
				Architecture:            runtime.GOARCH,
			},
		},
	}
}

// nodesReady returns why the nodes cannot take pods yet.
func nodesReady(ctx context.Context, client kubernetes.Interface) error {
	nodes, err := client.CoreV1().Nodes().List(ctx, metav1.ListOptions{})
	if err != nil {
		return err
	}
	for _, node := range nodes.Items {
		if !isReady(node) {
			return fmt.Errorf("node %s is not Ready", node.Name)
		}
		if len(node.Spec.Taints) > 0 {
			return fmt.Errorf("node %s still has the taint %s", node.Name, node.Spec.Taints[0].Key)
		}
	}
	return nil
}

func isReady(node corev1.Node) bool {
	for _, condition := range node.Status.Conditions {
		if condition.Type == corev1.NodeReady {
			return condition.Status == corev1.ConditionTrue
		}
	}
	return false
}
