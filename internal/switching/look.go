package switching

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"time"

	corev1 "k8s.io/api/core/v1"

	"greenlight.dev/greenlight/api/v1alpha1"
	"greenlight.dev/greenlight/internal/engine"
	"greenlight.dev/greenlight/rules"
	"greenlight.dev/greenlight/state"
	"greenlight.dev/greenlight/traffic"
)

// Look is what the cluster was like at one moment of a switch.
type Look struct {
	old, updated *corev1.Service
	// Change says what the switch changes: selector version 1.0.0 → 2.0.0. It is empty where the Service
	// selects that already.
	Change string
	// Progress is how far each workload is that the switch brings in.
	Progress []traffic.Progress
	// Verdict is what the engine says of the switch.
	Verdict engine.Verdict
	// Elapsed is how long the switch has been waited for.
	Elapsed time.Duration
}

// Service names the Service as people do: shop/hello.
func (l Look) Service() string { return l.old.Namespace + "/" + l.old.Name }

// Selector is what the Service is to select.
func (l Look) Selector() map[string]string { return l.updated.Spec.Selector }

// Denied reports whether a rule denies the switch.
func (l Look) Denied() bool { return len(l.Verdict.With(v1alpha1.Deny)) > 0 }

// look reads everything anew: what decides a switch is only ever read live.
func (s *Switcher) look(ctx context.Context, request Request) (Look, error) {
	services, _, err := state.List[*corev1.Service](ctx, s.State, state.Query{
		Kind: state.Service, Namespace: request.Namespace, Name: request.Name, Live: true,
	})
	if err != nil {
		return Look{}, err
	}
	if len(services) == 0 {
		return Look{}, fmt.Errorf("there is no Service %s in namespace %s", request.Name, request.Namespace)
	}
	look := Look{old: services[0], updated: services[0].DeepCopy()}
	look.updated.Spec.Selector = maps.Clone(look.old.Spec.Selector)
	if look.updated.Spec.Selector == nil {
		look.updated.Spec.Selector = map[string]string{}
	}
	maps.Copy(look.updated.Spec.Selector, request.To)
	look.Change = traffic.Describe(look.old, look.updated)
	if look.Change == "" {
		return look, nil
	}
	now := time.Now()
	look.Verdict = s.Engine.Judge(ctx, engine.Request{
		Op: rules.Update, Object: look.updated, Old: look.old, State: s.State, Now: now,
	})
	if err := errors.Join(look.Verdict.Errors...); err != nil {
		return look, err
	}
	look.Progress, err = rules.SwitchProgress(ctx, s.State, look.old, look.updated, now)
	return look, err
}
