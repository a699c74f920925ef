package rules

import (
	"context"
	"fmt"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

var hostPortBlocksSurge = &Rule{
	ID: "host-port-blocks-surge",
	Doc: `# The new pod needs a port of a node that the old one holds

A port of a node is one pod's at a time. maxSurge starts a new pod beside the old ones, so that it needs
a node without any of them. Where there is none it stays Pending, and with maxUnavailable at 0 no old pod
goes to make room: the rollout never moves (kubernetes/kubernetes#106417).

With hostNetwork every declared port is a port of the node.

## Wrong

    spec:
      replicas: 3
      strategy:
        rollingUpdate:
          maxUnavailable: 0
          maxSurge: 1
      template:
        spec:
          containers:
            - name: web
              ports:
                - containerPort: 8080
                  hostPort: 8080

## Right

    spec:
      replicas: 3
      strategy:
        rollingUpdate:
          maxUnavailable: 1
          maxSurge: 0

## How to fix it

Let an old pod go first, with maxUnavailable: 1 and maxSurge: 0, or reach the pods through a Service
instead of a port of the node. Where there is always a spare node, turn the rule off and say why.
`,
	Kinds: deployments,
	Run:   runHostPortBlocksSurge,
}

func runHostPortBlocksSurge(_ context.Context, pass *Pass) error {
	deployment := pass.Object.(*appsv1.Deployment)
	rolling, err := rollingUpdate(deployment)
	if err != nil || !waitsForSurge(rolling) {
		return err
	}
	path, port := nodePort(&deployment.Spec.Template.Spec)
	if path == nil {
		return nil
	}
	pass.Report(Finding{
		Path: path,
		Message: fmt.Sprintf("%s: port %d is taken on the node of each old pod (replicas: %d), so without a spare node the new pod stays Pending and the rollout never moves.",
			surgeNumbers(deployment, rolling), port, rolling.Replicas),
		Fix: "Remove the host port" + orWithoutSurge(rolling.Replicas) + ".",
	})
	return nil
}

// nodePort returns the first port of a node that a pod of this spec holds for as long as it runs, and
// where that is written: nil if there is none. The source is GetHostPorts in pkg/scheduler/util of
// Kubernetes; with hostNetwork the API server makes every port of a pod a host port.
func nodePort(spec *corev1.PodSpec) (*field.Path, int32) {
	for _, container := range probedContainers(spec) {
		for i, port := range container.Ports {
			switch {
			case port.HostPort != 0:
				return container.path().Child("ports").Index(i).Child("hostPort"), port.HostPort
			case spec.HostNetwork:
				return templatePath.Child("hostNetwork"), port.ContainerPort
			}
		}
	}
	return nil, 0
}
