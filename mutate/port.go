package mutate

import (
	"path"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
)

// proxies are containers, and images, that carry the traffic of the container beside them. They
// announce readiness and drain connections in ways of their own, mostly set by what injects them.
var proxies = []string{
	"cloud-sql-proxy",
	"consul-connect",
	"consul-connect-envoy-sidecar",
	"consul-dataplane",
	"daprd",
	"envoy",
	"envoy-sidecar",
	"gce-proxy", // version 1 of cloud-sql-proxy
	"istio-proxy",
	"kuma-dp",
	"kuma-sidecar",
	"linkerd-proxy",
	"proxyv2", // the image of istio-proxy
	"vault-agent",
}

func isProxy(container *corev1.Container) bool {
	return slices.Contains(proxies, container.Name) || slices.Contains(proxies, imageName(container.Image))
}

// imageName returns the last path element of an image's repository: envoy for example.com/team/envoy:v1.
func imageName(image string) string {
	name, _, _ := strings.Cut(path.Base(image), "@")
	name, _, _ = strings.Cut(name, ":")
	return name
}

// firstPort returns the first TCP port that a container declares: 0 for none, and for a proxy.
func firstPort(container *corev1.Container) int32 {
	for _, port := range container.Ports {
		if isTCP(port.Protocol) && !isProxy(container) {
			return port.ContainerPort
		}
	}
	return 0
}

// declares reports whether a container, but no proxy, declares a TCP port.
func declares(container *corev1.Container, number int32) bool {
	return !isProxy(container) && slices.ContainsFunc(container.Ports, func(port corev1.ContainerPort) bool {
		return port.ContainerPort == number && isTCP(port.Protocol)
	})
}

// isTCP reports whether a protocol is TCP, which is the API server's default.
func isTCP(protocol corev1.Protocol) bool {
	return protocol == corev1.ProtocolTCP || protocol == ""
}
