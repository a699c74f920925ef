package rules

import (
	"context"
	"time"

	corev1 "k8s.io/api/core/v1"

	"greenlight.dev/greenlight/state"
	"greenlight.dev/greenlight/traffic"
)

// SwitchProgress returns how far each workload is that a switch of a Service brings in, by the facts on
// which service-switch-not-ready decides.
func SwitchProgress(ctx context.Context, reader state.Reader, old, updated *corev1.Service, now time.Time) ([]traffic.Progress, error) {
	facts, err := gatherSwitch(ctx, reader, old, updated)
	facts.Now = now
	return facts.Progress(), err
}
