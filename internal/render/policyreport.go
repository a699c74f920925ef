package render

import (
	"fmt"
	"io"
	"slices"

	openreports "github.com/openreports/reports-api/apis/openreports.io/v1alpha1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/yaml"

	"greenlight.dev/greenlight/api/v1alpha1"
	"greenlight.dev/greenlight/internal/check"
)

// What each mode is called in a report: what is audited is a warning of less weight.
var (
	reportResults    = map[v1alpha1.Mode]openreports.Result{v1alpha1.Deny: "fail", v1alpha1.Warn: "warn", v1alpha1.Audit: "warn"}
	reportSeverities = map[v1alpha1.Mode]openreports.ResultSeverity{v1alpha1.Deny: "high", v1alpha1.Warn: "medium", v1alpha1.Audit: "low"}
)

// PolicyReport writes a Report of OpenReports for each namespace, and a ClusterReport for what is in none,
// such as an error of the input. Rules that pass are not in it: greenlight does not keep them.
func PolicyReport(w io.Writer, result *check.Result) error {
	reports := map[string][]openreports.ReportResult{}
	for _, fault := range result.Errors {
		reports[""] = append(reports[""], openreports.ReportResult{Policy: "input", Result: "error", Description: fault.String()})
	}
	for _, finding := range result.Findings {
		reports[finding.Object.Namespace] = append(reports[finding.Object.Namespace], reported(finding))
	}
	for _, exempted := range result.Exempted {
		lifted := reported(exempted.Finding)
		lifted.Result, lifted.Description = "skip", "lifted by "+exempted.By+"\n"+lifted.Description
		reports[exempted.Object.Namespace] = append(reports[exempted.Object.Namespace], lifted)
	}
	for _, skipped := range result.Skipped {
		reports[skipped.Object.Namespace] = append(reports[skipped.Object.Namespace], openreports.ReportResult{
			Policy: skipped.Rule, Result: "skip", Description: "not evaluated: " + skipped.Reason,
			Subjects: subject(skipped.Object), Properties: properties(skipped.Place),
		})
	}
	var namespaces []string
	for namespace := range reports {
		namespaces = append(namespaces, namespace)
	}
	slices.Sort(namespaces)
	for _, namespace := range namespaces {
		document, err := yaml.Marshal(report(namespace, reports[namespace]))
		if err != nil {
			return err
		}
		if _, err := fmt.Fprintf(w, "---\n%s", document); err != nil {
			return err
		}
	}
	return nil
}

// report is a Report, or a ClusterReport where there is no namespace.
func report(namespace string, results []openreports.ReportResult) openreports.Report {
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

func reported(finding check.Finding) openreports.ReportResult {
	properties := properties(finding.Place)
	properties["path"] = finding.Path
	properties["url"] = finding.URL
	return openreports.ReportResult{
		Policy: finding.Rule, Result: reportResults[finding.Mode], Severity: reportSeverities[finding.Mode],
		Scored: finding.Mode == v1alpha1.Deny, Description: advice(finding), Subjects: subject(finding.Object), Properties: properties,
	}
}

func subject(object check.Object) []corev1.ObjectReference {
	return []corev1.ObjectReference{{
		APIVersion: object.APIVersion, Kind: object.Kind, Namespace: object.Namespace, Name: object.Name,
	}}
}

func properties(place check.Place) map[string]string {
	return map[string]string{"file": place.File, "line": fmt.Sprint(place.Line), "column": fmt.Sprint(place.Column)}
}
