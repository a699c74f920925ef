package webhook

import (
	"context"
	"net/http"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/trace"
	admissionv1 "k8s.io/api/admission/v1"

	"greenlight.dev/greenlight/api/v1alpha1"
	"greenlight.dev/greenlight/internal/engine"
	"greenlight.dev/greenlight/internal/tracing"
)

// trace says in the span of a review what is reviewed: by its names, never by its content.
func (r *review) trace(ctx context.Context, handler string) {
	span := trace.SpanFromContext(ctx)
	if !span.IsRecording() {
		return
	}
	kind := r.subjectKind().Kind
	span.SetName(handler + " " + kind)
	span.SetAttributes(
		tracing.Text("greenlight.uid", r.uid),
		attribute.String("greenlight.operation", string(r.operation)),
		attribute.String("greenlight.kind", kind),
		tracing.Text("greenlight.namespace", r.namespace),
		tracing.Text("greenlight.name", r.name),
		attribute.Bool("greenlight.dry_run", r.dryRun),
	)
}

// traceVerdict says in the span of a review which rules deny, each once.
func traceVerdict(ctx context.Context, verdict engine.Verdict) {
	span := trace.SpanFromContext(ctx)
	if !span.IsRecording() {
		return
	}
	tracePolicy(ctx, verdict.Policy)
	var denying []string
	for _, finding := range verdict.With(v1alpha1.Deny) {
		if len(denying) == 0 || denying[len(denying)-1] != finding.Rule {
			denying = append(denying, finding.Rule)
		}
	}
	span.SetAttributes(attribute.StringSlice("greenlight.denied_by", denying))
}

// tracePolicy says in the span of a review which policy governs.
func tracePolicy(ctx context.Context, name string) {
	if span := trace.SpanFromContext(ctx); span.IsRecording() {
		span.SetAttributes(tracing.Text("greenlight.policy", name))
	}
}

// traceAnswer says in the span of a review what becomes of the change.
func traceAnswer(ctx context.Context, response *admissionv1.AdmissionResponse) {
	span := trace.SpanFromContext(ctx)
	if !span.IsRecording() {
		return
	}
	decision := "allowed"
	switch {
	case !response.Allowed:
		decision = "denied"
	case response.Patch != nil:
		decision = "patched"
	}
	span.SetAttributes(attribute.String("greenlight.decision", decision))
}

// traceRefusal says in the span of a review that it gets no verdict. The log has the cause, under the uid.
func traceRefusal(span trace.Span, status int) {
	if !span.IsRecording() {
		return
	}
	span.SetAttributes(attribute.Int("http.response.status_code", status))
	if status >= http.StatusInternalServerError {
		span.SetStatus(codes.Error, "")
	}
}

// traceWait makes a span of the time that a review waits for the controllers.
func traceWait(ctx context.Context) (waiting context.Context, goesOn func()) {
	ctx, span := tracing.Child(ctx, "wait for the controllers")
	return ctx, func() { span.End() }
}
