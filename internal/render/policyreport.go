package render

import (
	"fmt"
	"io"
	"slices"

	openreports "github.com/openreports/reports-api/apis/openreports.io/v1alpha1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/yaml"

	"greenlight.dev/greenlight/internal/check"
	"greenlight.dev/greenlight/report"
)

// PolicyReport writes a Report of OpenReports for each namespace, and a ClusterReport for what is in none,
// such as an error of the input. Rules that pass are not in it: greenlight does not keep them.
func PolicyReport(w io.Writer, result *check.Result) error {
	reports := map[string][]openreports.ReportResult{}
	for _, fault := range result.Errors {
		reports[""] = append(reports[""], openreports.ReportResult{Policy: "input", Result: "error", Description: fault.String()})
	}
	for _, finding := range result.Findings {
		reports[finding.Object.Namespace] = append(reports[finding.Object.Namespace], reported(finding, found(finding)))
	}
	for _, exempted := range result.Exempted {
		lifted := report.Result{Rule: exempted.Rule, Outcome: report.Skip, Path: exempted.Path, Message: "lifted by " + exempted.By}
		reports[exempted.Object.Namespace] = append(reports[exempted.Object.Namespace], reported(exempted.Finding, lifted))
	}
	for _, skipped := range result.Skipped {
		result := report.Result{Rule: skipped.Rule, Outcome: report.Skip, Message: skipped.Reason}.Document(skipped.Policy)
		reports[skipped.Object.Namespace] = append(reports[skipped.Object.Namespace], about(result, skipped.Object, skipped.Place))
	}
	var namespaces []string
	for namespace := range reports {
		namespaces = append(namespaces, namespace)
	}
	slices.Sort(namespaces)
	for _, namespace := range namespaces {
		written, err := yaml.Marshal(document(namespace, reports[namespace]))
		if err != nil {
			return err
		}
		if _, err := fmt.Fprintf(w, "---\n%s", written); err != nil {
			return err
		}
	}
	return nil
}

// document is a Report, or a ClusterReport where there is no namespace.
func document(namespace string, results []openreports.ReportResult) openreports.Report {
	report := openreports.Report{
		TypeMeta:   metav1.TypeMeta{APIVersion: openreports.GroupVersion.String(), Kind: "Report"},
		ObjectMeta: metav1.ObjectMeta{Namespace: namespace, Name: "greenlight-check"},
		Source:     "greenlight",
		Results:    results,
	}
	if namespace == "" {
		report.Kind = "ClusterReport"
	}
	for i := range results {
		results[i].Source = report.Source
		switch results[i].Result {
		case "fail":
			report.Summary.Fail++
		case "warn":
			report.Summary.Warn++
		case "error":
			report.Summary.Error++
		case "skip":
			report.Summary.Skip++
		}
	}
	return report
}

// found is a finding as the scanner reports it.
func found(finding check.Finding) report.Result {
	return report.Result{
		Rule: finding.Rule, Outcome: report.OutcomeOf(finding.Mode), Mode: finding.Mode,
		Message: finding.Message, Path: finding.Path, Fix: finding.Fix,
	}
}

// reported adds to what the scanner reports where a finding is explained.
func reported(finding check.Finding, result report.Result) openreports.ReportResult {
	written := about(result.Document(finding.Policy), finding.Object, finding.Place)
	written.Properties["url"] = finding.URL
	return written
}

// about adds which object a result is of, and where that is written.
func about(result openreports.ReportResult, object check.Object, place check.Place) openreports.ReportResult {
	result.Subjects = []corev1.ObjectReference{{
		APIVersion: object.APIVersion, Kind: object.Kind, Namespace: object.Namespace, Name: object.Name,
	}}
	result.Properties["file"], result.Properties["line"], result.Properties["column"] = place.File, fmt.Sprint(place.Line), fmt.Sprint(place.Column)
	return result
}
