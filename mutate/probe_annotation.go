package mutate

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
)

// probeAnnotation, followed by a container's name, is the annotation of a Deployment that says what
// the container's readiness probe asks.
const probeAnnotation = "greenlight.dev/readiness-probe."

const acceptedHandlers = "http://:8080/path, https://:8443/path, grpc://:9090/service or tcp://:8080"

// parseHandler reads the value of a probe annotation. It writes out what the API server would fill in,
// so that the stored handler equals the recorded one.
func parseHandler(value string) (corev1.ProbeHandler, bool) {
	address, err := url.Parse(value)
	if err != nil || address.Hostname() != "" || address.User != nil || address.Fragment != "" {
		return corev1.ProbeHandler{}, false
	}
	port, err := strconv.ParseUint(address.Port(), 10, 16)
	if err != nil || port == 0 {
		return corev1.ProbeHandler{}, false
	}
	return handlerOf(address, int32(port))
}

func handlerOf(address *url.URL, port int32) (corev1.ProbeHandler, bool) {
	switch address.Scheme {
	case "http", "https":
		return corev1.ProbeHandler{HTTPGet: &corev1.HTTPGetAction{
			Path:   address.RequestURI(),
			Port:   intstr.FromInt32(port),
			Scheme: corev1.URIScheme(strings.ToUpper(address.Scheme)),
		}}, true
	case "grpc":
		service := strings.TrimPrefix(address.Path, "/")
		return corev1.ProbeHandler{GRPC: &corev1.GRPCAction{Port: port, Service: &service}}, address.RawQuery == ""
	case "tcp":
		return tcpHandler(port), address.RequestURI() == "/"
	}
	return corev1.ProbeHandler{}, false
}

// checkProbeAnnotations warns of each probe annotation that has no effect: its container is not there,
// or has no probe and gets none.
func (p *Pass) checkProbeAnnotations(targets []target) {
	for _, container := range p.annotatedContainers() {
		index := slices.IndexFunc(p.podSpec().Containers, func(c corev1.Container) bool { return c.Name == container })
		isTarget := slices.ContainsFunc(targets, func(t target) bool { return t.index == index })
		switch {
		case index < 0:
			p.warn("annotation %s%s: the Deployment has no container %s", probeAnnotation, container, container)
		case !isTarget && lacksReadinessProbe(&p.podSpec().Containers[index]):
			p.warn("annotation %s%s: no probe is injected, because container %s gets no traffic on a TCP port in its ports",
				probeAnnotation, container, container)
		}
	}
}

// annotatedContainers returns the containers that probe annotations name, sorted.
func (p *Pass) annotatedContainers() []string {
	var containers []string
	for annotation := range p.Deployment.Annotations {
		if container, ok := strings.CutPrefix(annotation, probeAnnotation); ok {
			containers = append(containers, container)
		}
	}
	slices.Sort(containers)
	return containers
}
