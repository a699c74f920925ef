package fix

import (
	"bytes"
	"context"
	"slices"

	jsonpatch "github.com/evanphx/json-patch/v5"
	appsv1 "k8s.io/api/apps/v1"

	"greenlight.dev/greenlight/internal/check"
	"greenlight.dev/greenlight/internal/engine"
	"greenlight.dev/greenlight/internal/yamlpatch"
	"greenlight.dev/greenlight/state"
)

// work is the work on one file.
type work struct {
	file     check.File
	policies *engine.Policies
	// state is what else is in the input.
	state state.Reader
	// out is the file as it is to be.
	out              []byte
	changes          []Change
	warnings, errors []check.Error
}

func (w *work) run(ctx context.Context) {
	needs := w.needs(ctx)
	if w.file.Rendered {
		w.advise(needs)
		return
	}
	at := 0
	for len(needs) > 0 {
		document := needs[0].Document
		others := slices.IndexFunc(needs, func(n need) bool { return n.Document.Line != document.Line })
		if others < 0 {
			others = len(needs)
		}
		begin, end := document.Span(w.file.Data)
		w.out = append(w.out, w.file.Data[at:begin]...)
		w.fix(w.file.Data[begin:end], needs[:others])
		at, needs = end, needs[others:]
	}
	w.out = append(w.out, w.file.Data[at:]...)
}

// needs returns what the Deployments of the file lack, in their order.
func (w *work) needs(ctx context.Context) []need {
	var needs []need
	for _, manifest := range w.file.Manifests {
		deployment, ok := manifest.Object.(*appsv1.Deployment)
		if !ok {
			continue
		}
		need, warnings, err := w.needOf(ctx, manifest, deployment)
		for _, warning := range warnings {
			w.warnings = append(w.warnings, fault(manifest, "warning: "+warning))
		}
		if err != nil {
			w.errors = append(w.errors, fault(manifest, err.Error()))
		} else if len(need.operations) > 0 {
			needs = append(needs, need)
		}
	}
	return needs
}

// fix writes one document, with all that can be given to its Deployments.
func (w *work) fix(document []byte, needs []need) {
	line := bytes.Count(w.out, []byte("\n"))
	patched, fixed := w.patch(document, needs)
	w.out = append(w.out, patched...)
	changes, err := changesIn(patched, w.file.Name, line, fixed)
	if err != nil {
		w.errors = append(w.errors, check.Error{Place: check.Place{File: w.file.Name}, Message: err.Error()})
	}
	w.changes = append(w.changes, changes...)
}

// patch does all at once, for a list may be long, and only where that fails looks for what can be done.
func (w *work) patch(document []byte, needs []need) (patched []byte, fixed []need) {
	patched, err := yamlpatch.Apply(document, together(needs))
	if err == nil {
		return patched, needs
	}
	for _, need := range needs {
		if _, err := yamlpatch.Apply(document, need.patch); err != nil {
			w.refuse(need, err)
		} else {
			fixed = append(fixed, need)
		}
	}
	patched, err = yamlpatch.Apply(document, together(fixed))
	if err == nil {
		return patched, fixed
	}
	for _, need := range fixed {
		w.refuse(need, err)
	}
	return document, nil
}

func together(needs []need) jsonpatch.Patch {
	var all jsonpatch.Patch
	for _, need := range needs {
		all = append(all, need.patch...)
	}
	return all
}
