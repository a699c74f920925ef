package tracing

import (
	"fmt"
	"net/url"
	"os"
	"strings"
)

// spoken is the protocol of the collector: the newest that the specification has every collector understand.
const spoken = "http/protobuf"

// The variables of the OpenTelemetry specification, of which the first that is set counts.
var (
	endpoints = []string{"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT"}
	protocols = []string{"OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "OTEL_EXPORTER_OTLP_PROTOCOL"}
)

func environment(name string) string { return strings.TrimSpace(os.Getenv(name)) }

// collectorOf returns where the environment wants spans sent: nil for nowhere. It tells what the exporter would only
// log before it sends to localhost.
func collectorOf(environment func(string) string) (*url.URL, error) {
	name, value := first(environment, endpoints)
	if value == "" {
		return nil, nil
	}
	if name, value := first(environment, protocols); value != "" && value != spoken {
		return nil, fmt.Errorf("%s is %q: spans are sent by %s, to port 4318 of a collector as a rule", name, value, spoken)
	}
	endpoint, err := url.Parse(value)
	if err != nil || endpoint.Host == "" || endpoint.Scheme != "http" && endpoint.Scheme != "https" {
		return nil, fmt.Errorf("%s is %q: want a URL such as http://otel-collector.monitoring:4318", name, value)
	}
	return endpoint, nil
}

func first(environment func(string) string, names []string) (name, value string) {
	for _, name := range names {
		if value := environment(name); value != "" {
			return name, value
		}
	}
	return "", ""
}
