package report

import (
	"context"
	"errors"
	"time"

	corev1 "k8s.io/api/core/v1"
	"sigs.k8s.io/controller-runtime/pkg/log"
	"sigs.k8s.io/controller-runtime/pkg/reconcile"

	"greenlight.dev/greenlight/internal/engine"
	"greenlight.dev/greenlight/rules"
	"greenlight.dev/greenlight/state"
)

// reconcile judges a namespace. What fails is tried again, each time later.
func (s *Scanner) reconcile(ctx context.Context, namespace string) (reconcile.Result, error) {
	if !s.judging() {
		return reconcile.Result{RequeueAfter: time.Second}, nil
	}
	writer := s.writer
	if writer != nil && !writer.ready() {
		writer = nil // Once reports can be written, everything is judged again.
	}
	if err := s.scan(ctx, namespace, writer); err != nil {
		return reconcile.Result{}, err
	}
	if writer == s.writer {
		s.passed(ctx, namespace)
	}
	return reconcile.Result{}, nil
}

// scan judges the objects in a namespace one by one, so that no more than a page of them is in memory. They
// are reported where there is a writer.
func (s *Scanner) scan(ctx context.Context, namespace string, writer *writer) error {
	found, wanted := tally{}, map[string]bool{}
	var failures []error
	for _, kind := range s.judged(namespace) {
		err := s.Reader.Each(ctx, kind, namespace, func(object state.Object) error {
			report := s.judge(ctx, object)
			found.add(report)
			if writer != nil && !report.Empty() {
				wanted[report.Name()] = true
				failures = append(failures, s.write(ctx, writer, object, report))
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	s.violations.put(namespace, found)
	if writer != nil {
		failures = append(failures, writer.prune(ctx, namespace, wanted))
	}
	return errors.Join(failures...)
}

func (s *Scanner) judge(ctx context.Context, object state.Object) Report {
	verdict := s.Engine.Judge(ctx, engine.Request{Op: rules.Rest, Object: object, State: s.Reader, Now: time.Now()})
	for _, err := range verdict.Errors {
		var failed *engine.RuleError
		if errors.As(err, &failed) && failed.Stack != nil {
			log.FromContext(ctx).Error(err, "A rule panicked", "name", object.GetName(), "stack", string(failed.Stack))
		}
	}
	return Of(object, verdict)
}

// write writes a report, and an event for each finding that is new in it.
func (s *Scanner) write(ctx context.Context, writer *writer, object state.Object, report Report) error {
	added, err := writer.write(ctx, report)
	if err != nil || s.Events == nil {
		return err
	}
	for _, result := range added {
		if result.Mode != "" {
			note := cut(result.Rule+": "+result.Message, maxNote)
			s.Events.Eventf(object, nil, corev1.EventTypeWarning, "RolloutViolation", "Scan", "%s", note)
		}
	}
	return nil
}
