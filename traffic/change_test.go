package traffic_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/intstr"

	"greenlight.dev/greenlight/traffic"
)

func TestAChangeOfWhoServesIsDescribed(t *testing.T) {
	tests := map[string]struct {
		change func(*corev1.ServiceSpec)
		want   string
	}{
		"nothing":              {func(*corev1.ServiceSpec) {}, ""},
		"a label's value":      {func(s *corev1.ServiceSpec) { s.Selector["version"] = "2.0.0" }, "selector version 1.0.0 → 2.0.0"},
		"a label more":         {func(s *corev1.ServiceSpec) { s.Selector["color"] = "green" }, "selector color (none) → green"},
		"a label less":         {func(s *corev1.ServiceSpec) { delete(s.Selector, "app") }, "selector app web → (none)"},
		"an empty value":       {func(s *corev1.ServiceSpec) { s.Selector["color"] = "" }, `selector color (none) → ""`},
		"several labels":       {func(s *corev1.ServiceSpec) { s.Selector = color("green") }, "selector app web → (none), color (none) → green, version 1.0.0 → (none)"},
		"no selector":          {func(s *corev1.ServiceSpec) { s.Selector = nil }, "selector app web → (none), version 1.0.0 → (none)"},
		"the type":             {func(s *corev1.ServiceSpec) { s.Type = corev1.ServiceTypeNodePort }, "type ClusterIP → NodePort"},
		"unready pods":         {func(s *corev1.ServiceSpec) { s.PublishNotReadyAddresses = true }, "publishNotReadyAddresses false → true"},
		"the target port":      {func(s *corev1.ServiceSpec) { s.Ports[0].TargetPort = intstr.FromInt32(8080) }, "targetPorts port/TCP:http → port/TCP:8080"},
		"the protocol":         {func(s *corev1.ServiceSpec) { s.Ports[0].Protocol = corev1.ProtocolUDP }, "targetPorts port/TCP:http → port/UDP:http"},
		"the default protocol": {func(s *corev1.ServiceSpec) { s.Ports[0].Protocol = corev1.ProtocolTCP }, ""},
		"the port's name":      {func(s *corev1.ServiceSpec) { s.Ports[0].Name = "port" }, "targetPorts port/TCP:http → port/TCP:http"},
		"no port":              {func(s *corev1.ServiceSpec) { s.Ports = nil }, "targetPorts port/TCP:http → (none)"},
		"the port's number":    {func(s *corev1.ServiceSpec) { s.Ports[0].Port = 8000 }, ""},
		"the port's node port": {func(s *corev1.ServiceSpec) { s.Ports[0].NodePort = 30080 }, ""},
		"the session affinity": {func(s *corev1.ServiceSpec) { s.SessionAffinity = corev1.ServiceAffinityClientIP }, ""},
		"a port more": {func(s *corev1.ServiceSpec) {
			s.Ports = append(s.Ports, corev1.ServicePort{Name: "admin", TargetPort: intstr.FromInt32(9000)})
		}, "targetPorts port/TCP:http → port/TCP:http admin/TCP:9000"},
		"selector and the type": {func(s *corev1.ServiceSpec) { s.Selector["version"], s.Type = "2.0.0", corev1.ServiceTypeNodePort }, "selector version 1.0.0 → 2.0.0, type ClusterIP → NodePort"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			old := service(map[string]string{"app": "web", "version": "1.0.0"})
			updated := old.DeepCopy()
			test.change(&updated.Spec)
			if diff := cmp.Diff(test.want, traffic.Describe(old, updated)); diff != "" {
				t.Errorf("description (-want +got):\n%s", diff)
			}
			if got := traffic.ChangesTraffic(old, updated); got != (test.want != "") {
				t.Errorf("changes traffic: %t", got)
			}
		})
	}
}

func TestAnEmptySelectorIsTheSameAsNone(t *testing.T) {
	if got := traffic.Describe(service(nil), service(map[string]string{})); got != "" {
		t.Errorf("described as %q", got)
	}
}
