package tracing

import (
	"context"

	"github.com/go-logr/logr"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
)

// collector tells the log when the collector stops taking spans and when it takes them again, and not at every batch.
// One batch is sent at a time.
type collector struct {
	sdktrace.SpanExporter
	log     logr.Logger
	failing bool
}

// ExportSpans sends a batch. The log has its error already.
func (c *collector) ExportSpans(ctx context.Context, spans []sdktrace.ReadOnlySpan) error {
	err := c.SpanExporter.ExportSpans(ctx, spans)
	switch {
	case err != nil && !c.failing:
		c.log.Error(err, "spans are dropped until the collector takes them")
	case err == nil && c.failing:
		c.log.Info("the collector takes spans again")
	}
	c.failing = err != nil
	return nil
}
