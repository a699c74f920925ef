package rules

import (
	"context"
	"fmt"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"greenlight.dev/greenlight/api/v1alpha1"
	"greenlight.dev/greenlight/state"
	"greenlight.dev/greenlight/traffic"
)

var servicePortUnresolved = &Rule{
	ID: "service-port-unresolved",
	Doc: `# A Service names a port that its pods do not declare

A targetPort may be a name, which is looked up in each pod by itself, together with the protocol. A pod
that does not declare it becomes ready, counts as available, and is among the Service's endpoints, but
without that port: its requests are refused where all pods lack it, and fall to the others where some
do.

A Deployment with 0 replicas passes. For a headless Service it is a warning: its clients know the port
themselves. So it is when the Service is created: no requests can be lost yet. And so it is when the
Deployment is: it may be a worker that a Service for several apps selects as well, or a sidecar that is
added to its pods later may declare the port.

To go back to an earlier revision does not excuse it where the pods that run now have the port.

## Wrong

    kind: Service
    spec:
      ports:
        - port: 80
          targetPort: web

    kind: Deployment
    ...
          ports:
            - name: http
              containerPort: 8080

## Right

    kind: Service
    spec:
      ports:
        - port: 80
          targetPort: http

## How to fix it

Use the same name on both sides. To rename a port, first set the Service's targetPort to the number,
then roll out the Deployment with the new name, and then set the targetPort to it.
`,
	Kinds: []schema.GroupVersionKind{state.Deployment, state.Service},
	Reads: []schema.GroupVersionKind{state.Service, state.Deployment},
	Gets:  deployments,
	Run:   runServicePortUnresolved,
}

func runServicePortUnresolved(ctx context.Context, pass *Pass) error {
	if service, ok := pass.Object.(*corev1.Service); ok {
		return reportPortsOfService(ctx, pass, service)
	}
	return reportPortsOfDeployment(ctx, pass, pass.Object.(*appsv1.Deployment))
}

func reportPortsOfDeployment(ctx context.Context, pass *Pass, deployment *appsv1.Deployment) error {
	if hasNoPods(deployment) {
		return nil
	}
	spec := &deployment.Spec.Template.Spec
	found, err := servedBy(ctx, pass, deployment)
	var findings []Finding
	for _, service := range found {
		for _, port := range unresolved(service, spec) {
			findings = append(findings, Finding{
				Path: portsPath(spec),
				Message: fmt.Sprintf("port %d of Service %s leads to a %s port named %q, which no container declares: the pods become ready without it.",
					port.Port, service.Name, port.Protocol, port.TargetPort.StrVal),
				Fix: fmt.Sprintf("Give a container a %s port named %q, or first set the targetPort of Service %s to a number.",
					port.Protocol, port.TargetPort.StrVal, service.Name),
				Now:    losesPort(pass, service, port),
				AtMost: deploymentLimit(pass, service),
			})
		}
	}
	reportAll(pass, findings)
	return err
}

// losesPort reports whether the pods that the Deployment replaces have the port: its requests are lost
// then, whatever ran before.
func losesPort(pass *Pass, service *corev1.Service, port corev1.ServicePort) bool {
	old, ok := pass.Old.(*appsv1.Deployment)
	if !ok || hasNoPods(old) || !traffic.Selects(service, old.Spec.Template.Labels) {
		return false
	}
	_, resolved := traffic.ResolvePort(&old.Spec.Template.Spec, port)
	return resolved
}

// deploymentLimit is milder for a new Deployment: its pods take no port away, and what it lacks may be
// meant for others behind the Service, or come with an injected sidecar.
func deploymentLimit(pass *Pass, service *corev1.Service) v1alpha1.Mode {
	if pass.Op == Create {
		return warn
	}
	return unresolvedLimit(service)
}

func reportPortsOfService(ctx context.Context, pass *Pass, service *corev1.Service) error {
	if len(unresolved(service, &corev1.PodSpec{})) == 0 {
		return nil
	}
	limit := unresolvedLimit(service)
	if pass.Op == Create {
		// Nothing serves a new Service that it could take away.
		limit = warn
	}
	selected, err := selectedDeployments(ctx, pass, service)
	var findings []Finding
	for _, deployment := range selected {
		for _, port := range unresolved(service, &deployment.Spec.Template.Spec) {
			findings = append(findings, Finding{
				Path: portPath(port).Child("targetPort"),
				Message: fmt.Sprintf("port %d leads to a %s port named %q, which no container of Deployment %s declares: its pods are ready without it.",
					port.Port, port.Protocol, port.TargetPort.StrVal, deployment.Name),
				Fix:    "Set targetPort to a name that the Deployment declares, or to a number.",
				AtMost: limit,
			})
		}
	}
	reportAll(pass, findings)
	return err
}

// reportAll tells how many there are, so that an update which adds one makes it worse.
func reportAll(pass *Pass, findings []Finding) {
	for _, finding := range findings {
		finding.Degree = len(findings)
		pass.Report(finding)
	}
}
