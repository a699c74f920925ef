package tracing

import "testing"

func TestTheEnvironmentSaysWhereSpansGo(t *testing.T) {
	for name, test := range map[string]struct {
		environment map[string]string
		endpoint    string
		fault       string
	}{
		"nowhere by default": {nil, "", ""},
		"to any collector": {
			map[string]string{"OTEL_EXPORTER_OTLP_ENDPOINT": "http://otel-collector.monitoring:4318"},
			"http://otel-collector.monitoring:4318", "",
		},
		"to a collector of traces before any other": {
			map[string]string{"OTEL_EXPORTER_OTLP_ENDPOINT": "http://any:4318", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "https://traces/v1/traces"},
			"https://traces/v1/traces", "",
		},
		"by the protocol that is spoken": {
			map[string]string{"OTEL_EXPORTER_OTLP_ENDPOINT": "http://any:4318", "OTEL_EXPORTER_OTLP_PROTOCOL": "http/protobuf"},
			"http://any:4318", "",
		},
		"by no other protocol": {
			map[string]string{"OTEL_EXPORTER_OTLP_ENDPOINT": "http://any:4317", "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL": "grpc"},
			"", `OTEL_EXPORTER_OTLP_TRACES_PROTOCOL is "grpc": spans are sent by http/protobuf, to port 4318 of a collector as a rule`,
		},
		"not without a scheme": {
			map[string]string{"OTEL_EXPORTER_OTLP_ENDPOINT": "otel-collector:4318"},
			"", `OTEL_EXPORTER_OTLP_ENDPOINT is "otel-collector:4318": want a URL such as http://otel-collector.monitoring:4318`,
		},
		"not without a host": {
			map[string]string{"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "http://"},
			"", `OTEL_EXPORTER_OTLP_TRACES_ENDPOINT is "http://": want a URL such as http://otel-collector.monitoring:4318`,
		},
		"not to what is no URL": {
			map[string]string{"OTEL_EXPORTER_OTLP_ENDPOINT": "http://collector:port"},
			"", `OTEL_EXPORTER_OTLP_ENDPOINT is "http://collector:port": want a URL such as http://otel-collector.monitoring:4318`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			var endpoint, fault string
			got, err := collectorOf(func(name string) string { return test.environment[name] })
			if got != nil {
				endpoint = got.String()
			}
			if err != nil {
				fault = err.Error()
			}
			if endpoint != test.endpoint || fault != test.fault {
				t.Errorf("got %q, %q, want %q, %q", endpoint, fault, test.endpoint, test.fault)
			}
		})
	}
}
