package report

import (
	"cmp"
	"errors"
	"slices"

	corev1 "k8s.io/api/core/v1"

	"greenlight.dev/greenlight/internal/engine"
	"greenlight.dev/greenlight/state"
)

// Of reports a verdict on an object at rest.
func Of(object state.Object, verdict engine.Verdict) Report {
	report := Report{Object: reference(object), Policy: verdict.Policy}
	for _, finding := range verdict.Findings {
		report.Results = append(report.Results, ofFinding(finding))
	}
	for _, lifted := range verdict.Lifted {
		report.Results = append(report.Results, Result{
			Rule: lifted.Rule, Outcome: Skip, Path: lifted.Path.String(), Message: "lifted by " + lifted.By,
		})
	}
	for _, skip := range verdict.Skipped {
		report.Results = append(report.Results, Result{Rule: skip.Rule, Outcome: Skip, Message: skip.Reason})
	}
	for _, err := range verdict.Errors {
		report.Results = append(report.Results, ofError(err))
	}
	slices.SortStableFunc(report.Results, func(a, b Result) int {
		return cmp.Compare(slices.Index(Outcomes, a.Outcome), slices.Index(Outcomes, b.Outcome))
	})
	report.Summary = summarize(report.Results)
	report.Summary.Pass = verdict.Evaluated - rulesWithResults(report.Results)
	return report
}

func summarize(results []Result) Summary {
	var summary Summary
	for _, result := range results {
		switch result.Outcome {
		case Fail:
			summary.Fail++
		case Error:
			summary.Error++
		case Warn:
			summary.Warn++
		case Skip:
			summary.Skip++
		}
	}
	return summary
}

func ofFinding(finding engine.Finding) Result {
	message := finding.Message
	if finding.Note != "" {
		message += " (" + finding.Note + ")"
	}
	return Result{
		Rule: finding.Rule, Outcome: OutcomeOf(finding.Mode), Mode: finding.Mode,
		Message: message, Path: finding.Path.String(), Fix: finding.Fix,
	}
}

// ofError leaves out the stack of a panic, which is for the log.
func ofError(err error) Result {
	var failed *engine.RuleError
	if errors.As(err, &failed) {
		return Result{Rule: failed.Rule, Outcome: Error, Message: failed.Err.Error()}
	}
	return Result{Outcome: Error, Message: err.Error()}
}

func rulesWithResults(results []Result) int {
	rules := map[string]bool{}
	for _, result := range results {
		if result.Rule != "" {
			rules[result.Rule] = true
		}
	}
	return len(rules)
}

func reference(object state.Object) corev1.ObjectReference {
	version, kind := object.GetObjectKind().GroupVersionKind().ToAPIVersionAndKind()
	return corev1.ObjectReference{
		APIVersion: version, Kind: kind, Namespace: object.GetNamespace(), Name: object.GetName(), UID: object.GetUID(),
	}
}
