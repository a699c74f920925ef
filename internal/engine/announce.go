package engine

import (
	"context"
	"slices"
	"time"

	"greenlight.dev/greenlight/rules"
	"greenlight.dev/greenlight/state"
)

// Announcer makes a change known to those that are judged at the same moment.
type Announcer interface {
	// Announce makes the change known, keeps a record of it for that long at least, and returns a reader that
	// shows the changes of others as made, with what else is known of them. Where it fails, it returns the reader
	// that it was given, and why in Announced.
	Announce(ctx context.Context, reader state.Reader, record time.Duration) (state.Reader, rules.Announced)
}

// announce announces a change that races with others, before any rule reads.
func (j *judgement) announce(ctx context.Context) {
	traffic := j.policy.spec.Traffic
	if j.request.Announcer == nil || !*traffic.Intents || !slices.ContainsFunc(j.policy.rules, j.races) {
		return
	}
	keep := time.Duration(*traffic.KeepPreviousSeconds) * time.Second
	reader, announced := j.request.Announcer.Announce(ctx, j.request.State, keep)
	j.request.State, j.announced = reader, &announced
}

func (j *judgement) races(active activeRule) bool {
	return active.rule.Races != nil && active.appliesTo(j.request) && active.rule.Races(j.newPass(active, j.request))
}
