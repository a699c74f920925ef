package webhook

import (
	"context"
	"errors"
	"fmt"

	"sigs.k8s.io/controller-runtime/pkg/log"

	"greenlight.dev/greenlight/internal/engine"
)

// panicked is a panic turned into an error.
type panicked struct {
	cause any
	stack []byte
}

func (p *panicked) Error() string { return fmt.Sprintf("panic: %v", p.cause) }

// fault logs and counts a failure of Greenlight itself.
func (m *metrics) fault(ctx context.Context, request *review, err error) {
	stack, reason := stackOf(err), reasonError
	if stack != nil {
		reason = reasonPanic
	}
	m.failed(reason)
	log.FromContext(ctx).Error(err, "request failed", append(request.keysAndValues(), "stack", string(stack))...)
}

func stackOf(err error) []byte {
	var handler *panicked
	var rule *engine.RuleError
	switch {
	case errors.As(err, &handler):
		return handler.stack
	case errors.As(err, &rule):
		return rule.Stack
	}
	return nil
}

// failed is what the client learns of a failure of Greenlight itself.
func failed(request *review) string {
	return fmt.Sprintf("Greenlight failed on this request: its log has the cause under uid %q", request.uid)
}
