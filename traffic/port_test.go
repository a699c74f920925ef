package traffic_test

import (
	"testing"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/intstr"

	"greenlight.dev/greenlight/traffic"
)

var restartAlways = corev1.ContainerRestartPolicyAlways

func TestAServicePortLeadsToAContainerPort(t *testing.T) {
	spec := &corev1.PodSpec{
		InitContainers: []corev1.Container{
			{Name: "setup", Ports: []corev1.ContainerPort{{Name: "setup", ContainerPort: 7000}}},
			{Name: "proxy", RestartPolicy: &restartAlways, Ports: []corev1.ContainerPort{{Name: "proxy", ContainerPort: 8443}}},
		},
		Containers: []corev1.Container{
			{Name: "dns", Ports: []corev1.ContainerPort{{Name: "dns", ContainerPort: 53, Protocol: corev1.ProtocolUDP}}},
			{Name: "web", Ports: []corev1.ContainerPort{{Name: "http", ContainerPort: 8080, Protocol: corev1.ProtocolTCP}}},
		},
	}
	tests := map[string]struct {
		port     corev1.ServicePort
		number   int32
		resolved bool
	}{
		"by the name that a container declares":    {named("http"), 8080, true},
		"by the name that a sidecar declares":      {named("proxy"), 8443, true},
		"not by the name of an init container":     {named("setup"), 0, false},
		"not by a name that no container declares": {named("web"), 0, false},
		"not by the name of another protocol":      {named("dns"), 0, false},
		"by the name of its own protocol":          {udp(named("dns")), 53, true},
		"by a number that a container declares":    {numbered(8080), 8080, true},
		"by a number that no container declares":   {numbered(9090), 9090, true},
		"by its own number, without a target port": {numbered(0), 80, true},
		"not by a number written as a name":        {named("8080"), 0, false},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			number, resolved := traffic.ResolvePort(spec, test.port)
			if number != test.number || resolved != test.resolved {
				t.Errorf("got %d, %t, want %d, %t", number, resolved, test.number, test.resolved)
			}
		})
	}
}

func TestAServicePortTargetsTheContainerThatDeclaresIt(t *testing.T) {
	container := &corev1.Container{Ports: []corev1.ContainerPort{{Name: "http", ContainerPort: 8080}}}
	tests := map[string]struct {
		port corev1.ServicePort
		want bool
	}{
		"by name":                             {named("http"), true},
		"by number":                           {numbered(8080), true},
		"not by another name":                 {named("web"), false},
		"not by another number":               {numbered(9090), false},
		"not by the number of the port":       {numbered(0), false},
		"not by the name of another protocol": {udp(named("http")), false},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			if got := traffic.Targets(container, test.port); got != test.want {
				t.Errorf("got %t", got)
			}
		})
	}
}

func named(name string) corev1.ServicePort {
	return corev1.ServicePort{Port: 80, TargetPort: intstr.FromString(name)}
}

func numbered(number int32) corev1.ServicePort {
	return corev1.ServicePort{Port: 80, TargetPort: intstr.FromInt32(number)}
}

func udp(port corev1.ServicePort) corev1.ServicePort {
	port.Protocol = corev1.ProtocolUDP
	return port
}
