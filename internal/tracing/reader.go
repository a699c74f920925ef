package tracing

import (
	"context"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"greenlight.dev/greenlight/state"
)

// reader makes a span of each time that the API server is asked.
type reader struct {
	state.Reader
	cached func(schema.GroupVersionKind) bool
}

// NewReader returns a reader that makes a span of what the other asks the API server for: what is live, and each kind
// that is not cached.
func NewReader(asking state.Reader, cached func(schema.GroupVersionKind) bool) state.Reader {
	return reader{asking, cached}
}

// List implements state.Reader.
func (r reader) List(ctx context.Context, query state.Query) (state.Listing, error) {
	if !query.Live && r.cached(query.Kind) {
		return r.Reader.List(ctx, query)
	}
	ctx, span := Child(ctx, verb(query)+" "+query.Kind.Kind)
	defer span.End()
	listing, err := r.Reader.List(ctx, query)
	if !span.IsRecording() {
		return listing, err
	}
	span.SetAttributes(
		attribute.String("greenlight.kind", query.Kind.Kind),
		Text("greenlight.namespace", query.Namespace),
		attribute.Int("greenlight.items", len(listing.Items)),
	)
	if query.Name != "" {
		span.SetAttributes(Text("greenlight.name", query.Name))
	}
	if err != nil {
		span.SetStatus(codes.Error, "")
	}
	return listing, err
}

// verb is what the API server calls it.
func verb(query state.Query) string {
	if query.Name != "" {
		return "get"
	}
	return "list"
}
