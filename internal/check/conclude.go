package check

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"greenlight.dev/greenlight/api/v1alpha1"
)

// conclude puts the result in order, and counts.
func (r *Result) conclude(input input, options Options) {
	slices.SortStableFunc(r.Findings, func(a, b Finding) int { return cmp.Or(a.compare(b.Place), cmp.Compare(a.Rule, b.Rule)) })
	slices.SortStableFunc(r.Exempted, func(a, b Exempted) int { return cmp.Or(a.compare(b.Place), cmp.Compare(a.Rule, b.Rule)) })
	slices.SortStableFunc(r.Skipped, func(a, b Skipped) int { return cmp.Or(a.compare(b.Place), cmp.Compare(a.Rule, b.Rule)) })
	r.count(input)
	if r.Summary.Objects == 0 && len(r.Errors) == 0 && !options.AllowEmpty {
		r.Errors = append(r.Errors, Error{Message: "there is no Kubernetes object in " + strings.Join(options.Paths, ", ")})
	}
	slices.SortStableFunc(r.Errors, func(a, b Error) int { return a.compare(b.Place) })
	r.Summary.Errors = len(r.Errors)
	r.keepSources(input)
}

func (p Place) compare(q Place) int {
	return cmp.Or(cmp.Compare(p.File, q.File), cmp.Compare(p.Line, q.Line), cmp.Compare(p.Column, q.Column))
}

func (r *Result) count(input input) {
	for _, file := range input {
		r.Files = slices.AppendSeq(r.Files, maps.Keys(file.sources))
		r.Summary.Objects += len(file.objects) + file.notApplicable
		r.Summary.NotApplicable += file.notApplicable
	}
	// A base is read for each kustomization that is built on it.
	slices.Sort(r.Files)
	r.Files = slices.Compact(r.Files)
	for _, finding := range r.Findings {
		switch finding.Mode {
		case v1alpha1.Deny:
			r.Summary.Deny++
		case v1alpha1.Warn:
			r.Summary.Warn++
		case v1alpha1.Audit:
			r.Summary.Audit++
		}
	}
	r.Summary.Files = len(r.Files)
	r.Summary.Skipped, r.Summary.Exempted = len(r.Skipped), len(r.Exempted)
}

func (r *Result) keepSources(input input) {
	r.Sources = map[string][]byte{}
	found := map[string]bool{}
	for _, finding := range r.Findings {
		found[finding.File] = true
	}
	for _, file := range input {
		for name, data := range file.sources {
			if found[name] {
				r.Sources[name] = data
			}
		}
	}
}

// AtLeast reports whether there is a finding of this mode or a stricter one.
func (r *Result) AtLeast(mode v1alpha1.Mode) bool {
	return slices.ContainsFunc(r.Findings, func(finding Finding) bool { return finding.Mode.AtMost(mode) == mode })
}
