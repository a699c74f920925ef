package engine_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"greenlight.dev/greenlight/api/v1alpha1"
	"greenlight.dev/greenlight/rules"
)

// denying judges new faults, so that the ratchet has nothing to say.
var denying = v1alpha1.RolloutPolicySpec{Existing: v1alpha1.Deny, Overrides: v1alpha1.Overrides{Groups: []string{"on-call"}}}

func force(until time.Time) map[string]string {
	return map[string]string{
		"greenlight.dev/force-until":  until.Format(time.RFC3339),
		"greenlight.dev/force-reason": " The shop is down. ",
	}
}

func TestAnOverrideTurnsEveryDenialIntoAWarning(t *testing.T) {
	until := noon.Add(10 * time.Minute)
	verdict := judgeChange(t, denying, change(annotated(force(until))),
		always("bad", v1alpha1.Deny), always("odd", v1alpha1.Audit), always("worse", v1alpha1.Deny))
	const forced = "forced by jane@example.com until 2026-01-01T12:10:00Z: The shop is down."
	want := []string{"bad warn: " + forced, "odd audit", "worse warn: " + forced}
	if diff := cmp.Diff(want, told(verdict)); diff != "" {
		t.Errorf("findings (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(forced, verdict.Override); diff != "" {
		t.Errorf("override (-want +got):\n%s", diff)
	}
}

func TestAnOverrideIsHonouredForAnHourAtMostAndUntilItEnds(t *testing.T) {
	tests := map[string]struct {
		until time.Time
		want  string
	}{
		"a second before it ends": {noon.Add(time.Second), "forced by jane@example.com until 2026-01-01T12:00:01Z: The shop is down."},
		"an hour before it ends":  {noon.Add(time.Hour), "forced by jane@example.com until 2026-01-01T13:00:00Z: The shop is down."},
		"at the moment it ends":   {noon, "The override is not honoured: it ended at 2026-01-01T12:00:00Z."},
		"after it ended":          {noon.Add(-time.Second), "The override is not honoured: it ended at 2026-01-01T11:59:59Z."},
		"more than an hour ahead": {noon.Add(time.Hour + time.Second), "The override is not honoured: greenlight.dev/force-until is more than an hour ahead: want 2026-01-01T13:00:00Z at the latest."},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			verdict := judgeChange(t, denying, change(annotated(force(test.until))), always("bad", v1alpha1.Deny))
			if diff := cmp.Diff(test.want, verdict.Override); diff != "" {
				t.Errorf("override (-want +got):\n%s", diff)
			}
		})
	}
}

func TestAnOverrideThatIsNotHonouredIsExplainedBesideTheDenial(t *testing.T) {
	const soon = "2026-01-01T12:10:00Z"
	tests := map[string]struct {
		until, reason string
		overrides     v1alpha1.Overrides
		want          string
	}{
		"no time": {
			"true", "Ticket 7.", denying.Overrides,
			`The override is not honoured: greenlight.dev/force-until is "true": want a time such as 2026-01-01T12:30:00Z.`,
		},
		"no reason": {
			soon, " ", denying.Overrides,
			"The override is not honoured: greenlight.dev/force-reason gives no reason.",
		},
		"a user whom the policy does not name": {
			soon, "Ticket 7.", v1alpha1.Overrides{Users: []string{"joe@example.com"}, Groups: []string{"platform"}},
			`The override is not honoured: policy shop does not let user "jane@example.com" force changes.`,
		},
		"a policy that names nobody leaves it to system:masters": {
			soon, "Ticket 7.", v1alpha1.Overrides{},
			`The override is not honoured: policy shop does not let user "jane@example.com" force changes.`,
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			request := change(annotated(map[string]string{"greenlight.dev/force-until": test.until, "greenlight.dev/force-reason": test.reason}))
			spec := v1alpha1.RolloutPolicySpec{Existing: v1alpha1.Deny, Overrides: test.overrides}
			verdict := judgeChange(t, spec, request, always("bad", v1alpha1.Deny))
			if diff := cmp.Diff(test.want, verdict.Override); diff != "" {
				t.Errorf("override (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff([]string{"bad deny"}, told(verdict)); diff != "" {
				t.Errorf("findings (-want +got):\n%s", diff)
			}
		})
	}
}

func TestThoseWhomThePolicyNamesMayForce(t *testing.T) {
	tests := map[string]struct {
		overrides v1alpha1.Overrides
		user      rules.User
		want      string
	}{
		"a user":                        {v1alpha1.Overrides{Users: []string{jane.Name}}, jane, "bad warn: forced by jane@example.com until 2026-01-01T12:10:00Z: The shop is down."},
		"a member of a group":           {v1alpha1.Overrides{Groups: []string{"on-call"}}, jane, "bad warn: forced by jane@example.com until 2026-01-01T12:10:00Z: The shop is down."},
		"system:masters by default":     {v1alpha1.Overrides{}, rules.User{Name: "admin", Groups: []string{"system:masters"}}, "bad warn: forced by admin until 2026-01-01T12:10:00Z: The shop is down."},
		"not a user named like a group": {v1alpha1.Overrides{Groups: []string{"root"}}, rules.User{Name: "root"}, "bad deny"},
		"not system:masters where others are named": {
			v1alpha1.Overrides{Users: []string{jane.Name}}, rules.User{Name: "admin", Groups: []string{"system:masters"}}, "bad deny",
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			request := change(annotated(force(noon.Add(10 * time.Minute))))
			request.User = test.user
			spec := v1alpha1.RolloutPolicySpec{Existing: v1alpha1.Deny, Overrides: test.overrides}
			if diff := cmp.Diff([]string{test.want}, told(judgeChange(t, spec, request, always("bad", v1alpha1.Deny)))); diff != "" {
				t.Errorf("findings (-want +got):\n%s", diff)
			}
		})
	}
}

func TestAnOverrideThatNothingNeedsIsNotMentioned(t *testing.T) {
	verdict := judgeChange(t, denying, change(annotated(force(noon.Add(-time.Hour)))), always("odd", v1alpha1.Warn))
	if verdict.Override != "" {
		t.Errorf("override %q", verdict.Override)
	}
}
