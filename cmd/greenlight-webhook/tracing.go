package main

import (
	"go.opentelemetry.io/otel/trace"

	"greenlight.dev/greenlight/internal/cluster"
	"greenlight.dev/greenlight/internal/tracing"
	"greenlight.dev/greenlight/state"
)

// traced returns what answers for the cluster, with spans where there is a tracer.
func traced(reader *cluster.Reader, tracer trace.TracerProvider) state.Reader {
	if tracer == nil {
		return reader
	}
	return tracing.NewReader(reader, cluster.Cached)
}
