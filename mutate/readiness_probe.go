package mutate

import (
	"context"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
)

var readinessProbe = Mutator{ID: "readiness-probe", Doc: readinessProbeDoc, Reads: servicesAndRevisions, Run: runReadinessProbe}

const readinessProbeDoc = `# Inject a readiness probe

A container without a readiness probe counts as ready once it runs: a Service sends it requests
before it listens, and a rollout goes on before the new pods can serve. The injected probe connects
to the port:

    readinessProbe:
      tcpSocket:
        port: 8080
      periodSeconds: 5
      timeoutSeconds: 2
      failureThreshold: 3

The numbers are the policy's. An HTTP path is never guessed; name it in an annotation of the
Deployment, one a container:

    metadata:
      annotations:
        greenlight.dev/readiness-probe.web: http://:8080/healthz

It takes http://:8080/path, https://:8443/path, grpc://:9090/service and tcp://:8080.

## When

A Deployment is created or its pod template changes, and a Service targets a TCP port that the
container declares. While no Service selects the pods: the container declares a TCP port, and its
first one is probed.

## When not

- The container has a readiness probe. When you add a handler to an injected probe, the injected one
  is removed.
- It declares no TCP port, is an init container or a sidecar, or is a known proxy such as istio-proxy.
- The pods use the host's network, where another process may answer.
- The pod template is that of a ReplicaSet of the Deployment: a rollback stays a rollback.
- The Deployment is annotated with greenlight.dev/inject: "false", or the policy says
  spec.defaults.readinessProbe.inject: false.
`

func runReadinessProbe(ctx context.Context, pass *Pass) error {
	pass.adoptProbes()
	if !pass.injects(pass.Defaults.ReadinessProbe.Inject) || pass.podSpec().HostNetwork {
		return nil
	}
	targets, err := pass.lacking(ctx, lacksReadinessProbe)
	if err != nil {
		return err
	}
	pass.checkProbeAnnotations(targets)
	for _, target := range targets {
		pass.injectProbe(target)
	}
	return nil
}

func lacksReadinessProbe(container *corev1.Container) bool {
	return container.ReadinessProbe == nil
}

// probe has the fields of a corev1.Probe that are injected, and no other: some encoders write zeros.
type probe struct {
	corev1.ProbeHandler
	PeriodSeconds    int32 `json:"periodSeconds"`
	TimeoutSeconds   int32 `json:"timeoutSeconds"`
	FailureThreshold int32 `json:"failureThreshold"`
}

func (p *Pass) injectProbe(target target) {
	handler := tcpHandler(target.port)
	container := p.podSpec().Containers[target.index].Name
	if wish, ok := p.Deployment.Annotations[probeAnnotation+container]; ok {
		if handler, ok = parseHandler(wish); !ok {
			p.warn("annotation %s%s: %q names no probe, and none is injected: write %s",
				probeAnnotation, container, wish, acceptedHandlers)
			return
		}
	}
	numbers := p.Defaults.ReadinessProbe
	p.patch.Add(containerPath(target.index, "readinessProbe"),
		probe{handler, numbers.PeriodSeconds, numbers.TimeoutSeconds, numbers.FailureThreshold})
	p.recordProbe(container, handler)
}

func tcpHandler(port int32) corev1.ProbeHandler {
	return corev1.ProbeHandler{TCPSocket: &corev1.TCPSocketAction{Port: intstr.FromInt32(port)}}
}
