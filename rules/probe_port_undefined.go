package rules

import (
	"context"
	"fmt"
	"slices"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
)

var probePortUndefined = &Rule{
	ID: "probe-port-undefined",
	Doc: `# A probe names a port that its container does not declare

A probe may name its port, and the name is looked up in the ports of the probe's own container. Where
it is not there the probe fails for ever: a readiness probe never lets the pod become ready, a startup
or a liveness probe restarts it again and again. The API server does not check this.

## Wrong

    containers:
      - name: web
        ports:
          - name: http
            containerPort: 8080
        readinessProbe:
          tcpSocket:
            port: web

## Right

    containers:
      - name: web
        ports:
          - name: http
            containerPort: 8080
        readinessProbe:
          tcpSocket:
            port: http

## How to fix it

Name a port that the container declares, or write the port's number.
`,
	Kinds: deployments,
	Run:   runProbePortUndefined,
}

func runProbePortUndefined(_ context.Context, pass *Pass) error {
	for _, container := range probedContainers(&pass.Object.(*appsv1.Deployment).Spec.Template.Spec) {
		reportUndefinedPorts(pass, container)
	}
	return nil
}

func reportUndefinedPorts(pass *Pass, container placed) {
	for _, probe := range probes(container.Container) {
		handler, port := probePort(probe.ProbeHandler)
		if handler == "" || port.Type == intstr.Int || declares(container.Container, port.StrVal) {
			continue
		}
		pass.Report(Finding{
			Path:    container.path().Child(probe.field, handler, "port"),
			Message: fmt.Sprintf("the %s asks for port %q, which container %q does not declare: it can never succeed.", probe.field, port.StrVal, container.Name),
			Fix:     "Name one of the container's ports, or write the port's number.",
		})
	}
}

type namedProbe struct {
	field string
	*corev1.Probe
}

// probes returns the probes that the container has, each with its field's name.
func probes(container *corev1.Container) []namedProbe {
	all := []namedProbe{
		{"livenessProbe", container.LivenessProbe},
		{"readinessProbe", container.ReadinessProbe},
		{"startupProbe", container.StartupProbe},
	}
	return slices.DeleteFunc(all, func(probe namedProbe) bool { return probe.Probe == nil })
}

// probePort returns the handler that has a port which may be a name, and the port.
func probePort(handler corev1.ProbeHandler) (string, intstr.IntOrString) {
	switch {
	case handler.HTTPGet != nil:
		return "httpGet", handler.HTTPGet.Port
	case handler.TCPSocket != nil:
		return "tcpSocket", handler.TCPSocket.Port
	}
	return "", intstr.IntOrString{}
}

func declares(container *corev1.Container, portName string) bool {
	return slices.ContainsFunc(container.Ports, func(port corev1.ContainerPort) bool { return port.Name == portName })
}
