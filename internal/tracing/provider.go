// Package tracing tells an OpenTelemetry collector what a review spends its time on. It is off unless the environment
// names a collector, and a review never waits for one: what the collector does not take is dropped.
package tracing

import (
	"context"
	"fmt"
	"time"

	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	"go.opentelemetry.io/otel/sdk/resource"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	semconv "go.opentelemetry.io/otel/semconv/v1.43.0"
	"go.opentelemetry.io/otel/trace"
	"sigs.k8s.io/controller-runtime/pkg/log"

	"greenlight.dev/greenlight/internal/version"
)

// maxGoodbye is how long the end of the process waits for the collector to take the last spans.
const maxGoodbye = 3 * time.Second

// Start returns a provider that sends spans where the standard environment of OpenTelemetry says: nil where it names no
// collector. Its sampler, queue, headers and so on are of that environment too. At most 2,560 spans are held unless it
// says otherwise, 2,048 that wait and 512 that are sent; stop sends them, and gives up after 3 seconds.
func Start(ctx context.Context) (provider trace.TracerProvider, stop func(), err error) {
	endpoint, err := collectorOf(environment)
	if err != nil || endpoint == nil {
		return nil, func() {}, err
	}
	otel.SetLogger(log.Log)
	otel.SetErrorHandler(otel.ErrorHandlerFunc(func(err error) { log.Log.Error(err, "OpenTelemetry reports a fault") }))
	exporter, err := otlptracehttp.New(ctx)
	if err != nil {
		return nil, nil, fmt.Errorf("tracing: %w", err)
	}
	process, err := describe(ctx)
	if err != nil {
		return nil, nil, fmt.Errorf("tracing: OTEL_RESOURCE_ATTRIBUTES: %w", err)
	}
	batches := sdktrace.WithBatcher(&collector{SpanExporter: exporter, log: log.Log})
	sending := sdktrace.NewTracerProvider(batches, sdktrace.WithResource(process))
	log.Log.Info("tracing reviews", "collector", endpoint.Redacted())
	return sending, func() { end(sending) }, nil
}

// describe returns what the collector is told of this process. In a pod its host is the pod's name.
func describe(ctx context.Context) (*resource.Resource, error) {
	return resource.New(ctx,
		resource.WithTelemetrySDK(), resource.WithHost(),
		resource.WithAttributes(semconv.ServiceName("greenlight-webhook"), semconv.ServiceVersion(version.Number())),
		resource.WithFromEnv(),
	)
}

func end(provider *sdktrace.TracerProvider) {
	ctx, cancel := context.WithTimeout(context.Background(), maxGoodbye)
	defer cancel()
	if err := provider.Shutdown(ctx); err != nil {
		log.Log.Error(err, "the last spans did not reach the collector")
	}
}
