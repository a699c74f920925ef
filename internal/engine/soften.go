package engine

import (
	"context"
	"errors"
	"slices"
	"strings"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/equality"

	"greenlight.dev/greenlight/api/v1alpha1"
	"greenlight.dev/greenlight/rules"
	"greenlight.dev/greenlight/state"
	"greenlight.dev/greenlight/traffic"
)

// soften turns a denial into a warning, with a note that says why.
func soften(finding *Finding, note string) {
	finding.Mode, finding.Note = finding.Mode.AtMost(v1alpha1.Warn), note
}

// existing softens denials of what the object that is updated already had, no worse: nobody is kept
// from updating what was there before the guard.
func (j *judgement) existing(ctx context.Context) {
	if j.request.Op != rules.Update || j.policy.spec.Existing != v1alpha1.Warn {
		return
	}
	before := map[string][]Finding{}
	for i := range j.verdict.Findings {
		finding := &j.verdict.Findings[i]
		if finding.Mode != v1alpha1.Deny {
			continue
		}
		old, known := before[finding.Rule]
		if !known {
			old = j.oldFindings(ctx, finding.Rule)
			before[finding.Rule] = old
		}
		if hadAlready(old, *finding) {
			soften(finding, "allowed, because it was so before this change")
		}
	}
}

// oldFindings judges the old object at rest. A rule that fails there, or that only judges changes, finds
// nothing, so that its denial stands.
func (j *judgement) oldFindings(ctx context.Context, id string) []Finding {
	for _, active := range j.policy.rules {
		before := j.request
		before.Op, before.Object, before.Old = rules.Rest, awake(j.request), nil
		if active.rule.ID != id || !active.appliesTo(before) {
			continue
		}
		findings, err := j.pass(ctx, active, before)
		if err != nil && !errors.As(err, new(state.Unknown)) {
			return nil
		}
		return findings
	}
	return nil
}

// awake returns the old object: a Deployment that slept at 0 replicas with those that it is woken to, for
// no fault shows at 0.
func awake(request Request) state.Object {
	old, ok := request.Old.(*appsv1.Deployment)
	updated, isDeployment := request.Object.(*appsv1.Deployment)
	if !ok || !isDeployment || traffic.Replicas(old.Spec.Replicas) > 0 {
		return request.Old
	}
	woken := *old
	woken.Spec.Replicas = updated.Spec.Replicas
	return &woken
}

func hadAlready(old []Finding, finding Finding) bool {
	for _, before := range old {
		if before.Path.String() == finding.Path.String() && before.Degree >= finding.Degree &&
			before.Mode.AtMost(finding.Mode) == finding.Mode {
			return true
		}
	}
	return false
}

// templatePath is where the fields are that a rollback brings back.
const templatePath = "spec.template."

// rollback softens denials of what an earlier revision of the Deployment brings back: nobody is kept
// from going back to what ran before.
func (j *judgement) rollback(ctx context.Context) error {
	deployment, ok := j.request.Old.(*appsv1.Deployment)
	if !ok || !slices.ContainsFunc(j.verdict.Findings, broughtBack) {
		return nil
	}
	updated, ok := j.request.Object.(*appsv1.Deployment)
	// The template that runs is one of the revisions too, and to keep it is to go back to nothing.
	if !ok || equality.Semantic.DeepEqual(deployment.Spec.Template, updated.Spec.Template) {
		return nil
	}
	revision, err := traffic.Revision(ctx, j.request.State, deployment.Namespace, deployment.UID, j.request.template)
	if err != nil || revision == nil {
		return ignoreUnknown(err)
	}
	for i := range j.verdict.Findings {
		if finding := &j.verdict.Findings[i]; broughtBack(*finding) {
			soften(finding, "allowed, because it goes back to an earlier revision")
		}
	}
	return nil
}

func denied(finding Finding) bool { return finding.Mode == v1alpha1.Deny }

// broughtBack reports whether a denial is of what a revision can have had when it ran. What takes effect
// on the pods that serve now is none of that.
func broughtBack(finding Finding) bool {
	return denied(finding) && !finding.Now && strings.HasPrefix(finding.Path.String(), templatePath)
}

func ignoreUnknown(err error) error {
	if errors.As(err, new(state.Unknown)) {
		return nil
	}
	return err
}

// template returns the whole pod template of the Deployment under judgement.
func (r Request) template() (*corev1.PodTemplateSpec, error) {
	if r.Template != nil {
		return r.Template()
	}
	return &r.Object.(*appsv1.Deployment).Spec.Template, nil
}
