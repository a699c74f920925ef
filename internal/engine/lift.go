package engine

import (
	"fmt"
	"path"
	"slices"
	"strings"
	"time"

	"greenlight.dev/greenlight/api/v1alpha1"
)

// ignorePrefix and a rule's id are the annotation by which the author of an object lifts the rule.
const ignorePrefix = "greenlight.dev/ignore."

// Lifted is a finding that leads to nothing.
type Lifted struct {
	Finding
	// By says what lifts it, and why.
	By string
}

// lift takes the findings out of the verdict that an exemption of the policy or an annotation of the
// object lifts.
func (j *judgement) lift() {
	j.verdict.Findings = slices.DeleteFunc(j.verdict.Findings, func(finding Finding) bool {
		by := j.exemption(finding.Rule)
		if by == "" {
			by = j.ignored(finding)
		}
		if by != "" {
			j.verdict.Lifted = append(j.verdict.Lifted, Lifted{Finding: finding, By: by})
		}
		return by != ""
	})
}

// exemption says which exemption of the policy lifts a rule for the object: empty if none does.
func (j *judgement) exemption(rule string) string {
	object := j.request.Object
	for _, exemption := range j.policy.spec.Exemptions {
		if slices.Contains(exemption.Rules, rule) && !expired(exemption, j.request.Now) &&
			matches(exemption.Kinds, object.GetObjectKind().GroupVersionKind().Kind) &&
			matches(exemption.Namespaces, object.GetNamespace()) &&
			matches(exemption.Names, object.GetName()) {
			return fmt.Sprintf("an exemption of policy %s%s: %s", j.policy.Name, until(exemption), exemption.Reason)
		}
	}
	return ""
}

func expired(exemption v1alpha1.Exemption, now time.Time) bool {
	return exemption.Expires != nil && !now.Before(exemption.Expires.Time)
}

func until(exemption v1alpha1.Exemption) string {
	if exemption.Expires == nil {
		return ""
	}
	return " until " + exemption.Expires.UTC().Format(time.RFC3339)
}

// matches reports whether one of the globs matches; none at all match everything.
func matches(globs []string, name string) bool {
	return len(globs) == 0 || slices.ContainsFunc(globs, func(glob string) bool {
		matched, err := path.Match(glob, name)
		return err == nil && matched
	})
}

// ignored says which annotation of the object lifts a finding: empty if none does, or if the policy
// does not let an annotation lift a finding of this mode.
func (j *judgement) ignored(finding Finding) string {
	name := ignorePrefix + finding.Rule
	reason := strings.TrimSpace(j.request.Object.GetAnnotations()[name])
	if reason == "" || finding.Mode.AtMost(j.policy.spec.Ignorable) != finding.Mode {
		return ""
	}
	return fmt.Sprintf("the annotation %s: %s", name, reason)
}
