package cluster

import (
	"fmt"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/version"
)

// sleepSince is the first release in which a preStop sleep is on by default. An older API server
// rejects it, and an older kubelet does not run it.
var sleepSince = version.MustParseGeneric("1.30")

// versions are the API server's, and the oldest kubelet's with its node: empty without nodes.
type versions struct{ server, kubelet, node string }

// see takes the node's kubelet in. Of equally old ones the first node by name stays, so that the
// answer does not change from one look to the next. Where no kubelet has reported, no pod runs yet.
func (v *versions) see(node *corev1.Node) {
	kubelet := node.Status.NodeInfo.KubeletVersion
	if kubelet == "" {
		return
	}
	if v.node == "" || older(kubelet, v.kubelet) || !older(v.kubelet, kubelet) && node.Name < v.node {
		v.kubelet, v.node = kubelet, node.Name
	}
}

func (v versions) sleepUnsupported() string {
	if older(v.server, sleepSince.String()) {
		return fmt.Sprintf("the API server runs %s: a native preStop sleep needs v%s", v.server, sleepSince)
	}
	if v.node != "" && older(v.kubelet, sleepSince.String()) {
		return fmt.Sprintf("node %q runs kubelet %s: a native preStop sleep needs v%s on every node", v.node, v.kubelet, sleepSince)
	}
	return ""
}

// older compares two versions. One that cannot be read counts as older than any that can.
func older(a, b string) bool {
	parsedB, err := version.ParseGeneric(b)
	if err != nil {
		return false
	}
	parsedA, err := version.ParseGeneric(a)
	return err != nil || parsedA.LessThan(parsedB)
}
