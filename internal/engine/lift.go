package engine

import (
	"cmp"
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
	for i := range j.verdict.Findings {
		j.verdict.Findings[i].Note = j.refusedIgnore(j.verdict.Findings[i])
	}
}

// exemption says which exemption of the policy lifts a rule for the object: empty if none does.
func (j *judgement) exemption(rule string) string {
	object := j.request.Object
	for _, exemption := range j.policy.spec.Exemptions {
		if slices.Contains(exemption.Rules, rule) && !expired(exemption, j.request.Now) &&
			matches(exemption.Kinds, object.GetObjectKind().GroupVersionKind().Kind) &&
			matches(exemption.Namespaces, object.GetNamespace()) &&
			matches(exemption.Names, cmp.Or(object.GetName(), object.GetGenerateName())) {
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

// ignored says which annotation of the object lifts a finding: empty if none does.
func (j *judgement) ignored(finding Finding) string {
	name, reason, _ := j.ignoreAnnotation(finding)
	if reason == "" || !j.ignorable(finding) {
		return ""
	}
	return fmt.Sprintf("the annotation %s: %s", name, reason)
}

// refusedIgnore says why the annotation that is to lift a finding does not: empty if there is none.
func (j *judgement) refusedIgnore(finding Finding) string {
	name, reason, written := j.ignoreAnnotation(finding)
	switch {
	case !written:
		return ""
	case reason == "":
		return fmt.Sprintf("the annotation %s lifts nothing, because it gives no reason", name)
	}
	return fmt.Sprintf("the annotation %s lifts nothing, because policy %s lets it lift warnings only", name, j.policy.Name)
}

func (j *judgement) ignoreAnnotation(finding Finding) (name, reason string, written bool) {
	name = ignorePrefix + finding.Rule
	reason, written = j.request.Object.GetAnnotations()[name]
	return name, strings.TrimSpace(reason), written
}

// ignorable reports whether the policy lets an annotation lift a finding of this mode.
func (j *judgement) ignorable(finding Finding) bool {
	return finding.Mode.AtMost(j.policy.spec.Ignorable) == finding.Mode
}
