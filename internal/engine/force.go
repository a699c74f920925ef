package engine

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"greenlight.dev/greenlight/rules"
)

// The annotations by which an on-call engineer forces a change through.
const (
	ForceUntil  = "greenlight.dev/force-until"
	ForceReason = "greenlight.dev/force-reason"
)

// maxForce is how far ahead an override may end: it must not become a habit.
const maxForce = time.Hour

// force softens every denial where the change carries an override that the policy allows its user. An
// override that is not honoured is explained beside the denial.
func (j *judgement) force() {
	until, written := j.request.Object.GetAnnotations()[ForceUntil]
	if !written || !slices.ContainsFunc(j.verdict.Findings, denied) {
		return
	}
	if refused := j.refusedForce(until); refused != "" {
		j.verdict.Override = fmt.Sprintf("The override is not honoured: %s.", refused)
		return
	}
	reason := strings.TrimSpace(j.request.Object.GetAnnotations()[ForceReason])
	forced := fmt.Sprintf("forced by %s until %s: %s", j.request.User.Name, until, reason)
	for i := range j.verdict.Findings {
		if denied(j.verdict.Findings[i]) {
			soften(&j.verdict.Findings[i], forced)
		}
	}
	j.verdict.Override = forced
}

// refusedForce says why an override is not honoured: empty if it is.
func (j *judgement) refusedForce(until string) string {
	end, err := time.Parse(time.RFC3339, until)
	now := j.request.Now
	switch {
	case err != nil:
		return fmt.Sprintf("%s is %q: want a time such as %s", ForceUntil, until, now.Add(maxForce/2).UTC().Format(time.RFC3339))
	case !now.Before(end):
		return fmt.Sprintf("it ended at %s", until)
	case end.Sub(now) > maxForce:
		return fmt.Sprintf("%s is more than an hour ahead: want %s at the latest", ForceUntil, now.Add(maxForce).UTC().Format(time.RFC3339))
	case strings.TrimSpace(j.request.Object.GetAnnotations()[ForceReason]) == "":
		return fmt.Sprintf("%s gives no reason", ForceReason)
	case !j.mayForce(j.request.User):
		return fmt.Sprintf("policy %s does not let user %q force changes", j.policy.Name, j.request.User.Name)
	}
	return ""
}

func (j *judgement) mayForce(user rules.User) bool {
	overrides := j.policy.spec.Overrides
	return slices.Contains(overrides.Users, user.Name) ||
		slices.ContainsFunc(user.Groups, func(group string) bool { return slices.Contains(overrides.Groups, group) })
}
