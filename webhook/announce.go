package webhook

import (
	"context"
	"time"

	admissionv1 "k8s.io/api/admission/v1"
	"sigs.k8s.io/controller-runtime/pkg/log"

	"greenlight.dev/greenlight/api/v1alpha1"
	"greenlight.dev/greenlight/internal/engine"
	"greenlight.dev/greenlight/internal/intents"
	"greenlight.dev/greenlight/internal/tracing"
	"greenlight.dev/greenlight/rules"
	"greenlight.dev/greenlight/state"
)

// announcer announces the change under review: nil where nothing is announced, or nothing was there before.
type announcer struct {
	*intents.Announcement
	request *review
	metrics *metrics
}

func (v validator) announcer(request *review, object, old state.Object) *announcer {
	if v.intents == nil {
		return nil
	}
	var change intents.Change
	switch request.operation {
	case admissionv1.Update:
		change = intents.Update(old, object, request.user.Name)
	case admissionv1.Delete:
		change = intents.Delete(object, request.user.Name)
	default:
		return nil
	}
	return &announcer{Announcement: v.intents.Announcement(change, request.dryRun), request: request, metrics: v.metrics}
}

// orNone is a nil interface where there is no announcer.
func (a *announcer) orNone() engine.Announcer {
	if a == nil {
		return nil
	}
	return a
}

// Announce implements engine.Announcer. A change that cannot be announced is judged all the same.
func (a *announcer) Announce(ctx context.Context, reader state.Reader, record time.Duration) (state.Reader, rules.Announced) {
	ctx, span := tracing.Child(ctx, "announce the change")
	defer span.End()
	reader, announced := a.Announcement.Announce(ctx, reader, record)
	if announced.Err != nil && ctx.Err() == nil {
		a.metrics.failed(reasonIntent)
		log.FromContext(ctx).Error(announced.Err, "change not announced", a.request.keysAndValues()...)
	}
	return reader, announced
}

// settle takes the announcement of a denied change back.
func (a *announcer) settle(ctx context.Context, verdict engine.Verdict) {
	if a == nil || !a.Announced() || len(verdict.With(v1alpha1.Deny)) == 0 {
		return
	}
	ctx, span := tracing.Child(ctx, "withdraw the announcement")
	defer span.End()
	if err := a.Withdraw(ctx); err != nil {
		a.metrics.failed(reasonIntent)
		log.FromContext(ctx).Error(err, "announcement not withdrawn: it counts until it ends", a.request.keysAndValues()...)
	}
}

func (a *announcer) counted() []string {
	if a == nil {
		return nil
	}
	return a.Counted()
}
