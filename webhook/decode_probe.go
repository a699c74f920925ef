package webhook

import (
	"github.com/go-json-experiment/json/jsontext"
	corev1 "k8s.io/api/core/v1"
)

func readPort(d *jsontext.Decoder, port *corev1.ContainerPort) error {
	return members(d, func(name []byte) error {
		switch string(name) {
		case "name":
			return text(d, &port.Name)
		case "containerPort":
			return number(d, &port.ContainerPort)
		case "hostPort":
			return number(d, &port.HostPort)
		case "protocol":
			return text(d, &port.Protocol)
		}
		return skip(d)
	})
}

func readProbe(d *jsontext.Decoder, probe *corev1.Probe) error {
	return members(d, func(name []byte) error {
		switch string(name) {
		case "httpGet":
			return optional(d, &probe.HTTPGet, readHTTPGet)
		case "tcpSocket":
			return optional(d, &probe.TCPSocket, readTCPSocket)
		case "grpc":
			return into(d, &probe.GRPC)
		case "exec":
			return into(d, &probe.Exec)
		case "initialDelaySeconds":
			return number(d, &probe.InitialDelaySeconds)
		case "timeoutSeconds":
			return number(d, &probe.TimeoutSeconds)
		case "periodSeconds":
			return number(d, &probe.PeriodSeconds)
		case "successThreshold":
			return number(d, &probe.SuccessThreshold)
		case "failureThreshold":
			return number(d, &probe.FailureThreshold)
		case "terminationGracePeriodSeconds":
			return optional(d, &probe.TerminationGracePeriodSeconds, number)
		}
		return skip(d)
	})
}

func readHTTPGet(d *jsontext.Decoder, get *corev1.HTTPGetAction) error {
	return members(d, func(name []byte) error {
		switch string(name) {
		case "path":
			return text(d, &get.Path)
		case "port":
			return intOrString(d, &get.Port)
		case "host":
			return text(d, &get.Host)
		case "scheme":
			return text(d, &get.Scheme)
		case "httpHeaders":
			return into(d, &get.HTTPHeaders)
		case "protocol":
			return optional(d, &get.Protocol, text)
		}
		return skip(d)
	})
}

func readTCPSocket(d *jsontext.Decoder, socket *corev1.TCPSocketAction) error {
	return members(d, func(name []byte) error {
		switch string(name) {
		case "port":
			return intOrString(d, &socket.Port)
		case "host":
			return text(d, &socket.Host)
		}
		return skip(d)
	})
}
