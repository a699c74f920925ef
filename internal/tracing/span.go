package tracing

import (
	"context"
	"net/http"
	"strings"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace"
	"go.opentelemetry.io/otel/trace/noop"
)

const (
	scope = "greenlight.dev/greenlight"
	// maxText is the longest that a text of a span may be, in bytes: no name in Kubernetes is longer.
	maxText = 253
	// parentHeader is the header of W3C Trace Context that says which span a request is of.
	parentHeader = "traceparent"
)

// Serve begins the span of a request and returns the request that carries it. Its parent is the span of the client,
// where that traces too. Without a provider it does nothing.
func Serve(provider trace.TracerProvider, name string, r *http.Request) (*http.Request, trace.Span) {
	if provider == nil {
		return r, noop.Span{}
	}
	// Of the headers only this one is read, and it is of a fixed length. Of any other a client could have as much held
	// for each span as a header may be long.
	parent := propagation.MapCarrier{parentHeader: r.Header.Get(parentHeader)}
	ctx := propagation.TraceContext{}.Extract(r.Context(), parent)
	ctx, span := provider.Tracer(scope).Start(ctx, name, trace.WithSpanKind(trace.SpanKindServer))
	return r.WithContext(ctx), span
}

// Child begins a span of something that the span of ctx spends its time on. Where that is not recorded, it does nothing.
func Child(ctx context.Context, name string) (context.Context, trace.Span) {
	span := trace.SpanFromContext(ctx)
	if !span.IsRecording() {
		return ctx, noop.Span{}
	}
	return span.TracerProvider().Tracer(scope).Start(ctx, name)
}

// Text is an attribute whose value a client has chosen. It is cut to what a name may be, and keeps nothing of the rest.
func Text(key, value string) attribute.KeyValue {
	if len(value) > maxText {
		value = strings.Clone(value[:maxText])
	}
	return attribute.String(key, strings.ToValidUTF8(value, ""))
}
