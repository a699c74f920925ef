package report

import (
	"fmt"
	"time"

	openreports "github.com/openreports/reports-api/apis/openreports.io/v1alpha1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime"

	"greenlight.dev/greenlight/api/v1alpha1"
)

const (
	greenlight   = "greenlight"
	pathProperty = "path"
	fixProperty  = "fix"
	modeProperty = "mode"
)

// managed are the labels of every report of Greenlight.
var managed = labels.Set{"app.kubernetes.io/managed-by": greenlight}

// write returns the report as an object of the format.
func (f Format) write(r Report) (*unstructured.Unstructured, error) {
	document := openreports.Report{
		TypeMeta: metav1.TypeMeta{APIVersion: f.Kind.GroupVersion().String(), Kind: f.Kind.Kind},
		ObjectMeta: metav1.ObjectMeta{
			Name: r.Name(), Namespace: r.Object.Namespace, Labels: managed,
			OwnerReferences: []metav1.OwnerReference{{
				APIVersion: r.Object.APIVersion, Kind: r.Object.Kind, Name: r.Object.Name, UID: r.Object.UID, Controller: new(false),
			}},
		},
		Source: greenlight, Scope: &r.Object,
		Summary: openreports.ReportSummary{
			Pass: r.Summary.Pass, Fail: r.Summary.Fail, Warn: r.Summary.Warn, Error: r.Summary.Error, Skip: r.Summary.Skip,
		},
	}
	for _, result := range r.Results {
		document.Results = append(document.Results, result.Document(r.Policy))
	}
	document.Results = fit(document.Results)
	fields, err := runtime.DefaultUnstructuredConverter.ToUnstructured(&document)
	if err != nil {
		return nil, err
	}
	if !f.sourced {
		delete(fields, "source")
	}
	object := &unstructured.Unstructured{Object: fields}
	hash, err := contentHash(object)
	object.SetAnnotations(map[string]string{hashAnnotation: hash})
	return object, err
}

// Document returns the result as it is written into reports of every format: policy is the one that governs.
func (r Result) Document(policy string) openreports.ReportResult {
	written := openreports.ReportResult{
		Source: greenlight, Policy: policy, Rule: r.Rule, Severity: severities[r.Mode], Result: openreports.Result(r.Outcome),
		Scored: r.Outcome == Fail, Description: cut(r.Message, maxText), Properties: map[string]string{},
	}
	if !r.Since.IsZero() {
		written.Timestamp = metav1.Timestamp{Seconds: r.Since.Unix()}
	}
	for name, value := range map[string]string{pathProperty: r.Path, fixProperty: r.Fix, modeProperty: string(r.Mode)} {
		if value != "" {
			written.Properties[name] = cut(value, maxText)
		}
	}
	return written
}

var severities = map[v1alpha1.Mode]openreports.ResultSeverity{
	v1alpha1.Deny: "high", v1alpha1.Warn: "medium", v1alpha1.Audit: "low",
}

// Read returns what an object of any format reports.
func Read(object *unstructured.Unstructured) (Report, error) {
	var document openreports.Report
	if err := runtime.DefaultUnstructuredConverter.FromUnstructured(object.Object, &document); err != nil {
		return Report{}, fmt.Errorf("reading %s %s/%s: %w", object.GetKind(), object.GetNamespace(), object.GetName(), err)
	}
	counts := document.Summary
	report := Report{Summary: Summary{Pass: counts.Pass, Fail: counts.Fail, Error: counts.Error, Warn: counts.Warn, Skip: counts.Skip}}
	if document.Scope != nil {
		report.Object = *document.Scope
	}
	for _, result := range document.Results {
		report.Policy = result.Policy
		report.Results = append(report.Results, readResult(result))
	}
	return report, nil
}

func readResult(r openreports.ReportResult) Result {
	return Result{
		Rule: r.Rule, Outcome: Outcome(r.Result), Mode: v1alpha1.Mode(r.Properties[modeProperty]), Message: r.Description,
		Path: r.Properties[pathProperty], Fix: r.Properties[fixProperty], Since: time.Unix(r.Timestamp.Seconds, 0).UTC(),
	}
}
