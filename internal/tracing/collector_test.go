package tracing

import (
	"context"
	"errors"
	"testing"

	"github.com/go-logr/logr/funcr"
	"github.com/google/go-cmp/cmp"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
)

// flaky fails each time that it is told to.
type flaky struct {
	sdktrace.SpanExporter
	fault error
}

func (f *flaky) ExportSpans(context.Context, []sdktrace.ReadOnlySpan) error { return f.fault }

func TestTheLogTellsOnceThatTheCollectorFailsAndOnceThatItIsBack(t *testing.T) {
	var logged []string
	exporter := &flaky{}
	collector := &collector{SpanExporter: exporter, log: funcr.New(func(_, line string) { logged = append(logged, line) }, funcr.Options{})}
	refused := errors.New("connection refused")
	for _, exporter.fault = range []error{nil, refused, refused, nil, nil, refused} {
		if err := collector.ExportSpans(t.Context(), nil); err != nil {
			t.Errorf("the error is told again: %v", err)
		}
	}
	want := []string{
		`"msg"="spans are dropped until the collector takes them" "error"="connection refused"`,
		`"level"=0 "msg"="the collector takes spans again"`,
		`"msg"="spans are dropped until the collector takes them" "error"="connection refused"`,
	}
	if diff := cmp.Diff(want, logged); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
