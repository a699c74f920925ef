package report

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"

	"greenlight.dev/greenlight/api/v1alpha1"
)

func reportOn(namespace, name string, summary Summary, results ...Result) Report {
	return Report{
		Object: corev1.ObjectReference{APIVersion: "apps/v1", Kind: "Deployment", Namespace: namespace, Name: name},
		Policy: "baseline", Summary: summary, Results: results,
	}
}

func TestReportsAreSummedUpByNamespaceAndByRule(t *testing.T) {
	old, late := noon.Add(-48*time.Hour), noon.Add(-time.Hour)
	failed := Result{Rule: "a", Outcome: Fail, Mode: v1alpha1.Deny, Message: "Bad.", Since: late}
	warned := Result{Rule: "b", Outcome: Warn, Mode: v1alpha1.Warn, Message: "Odd.", Since: old}
	skipped := Result{Rule: "b", Outcome: Skip, Message: "Not known.", Since: late}
	got := NewOverview([]Report{
		reportOn("quiet", "one", Summary{Pass: 5}),
		reportOn("shop", "web", Summary{Pass: 2, Warn: 1, Skip: 1}, warned, skipped),
		reportOn("shop", "api", Summary{Pass: 3, Fail: 1, Warn: 1}, failed, warned),
	}, noon.Add(-24*time.Hour))
	want := Overview{
		Since: noon.Add(-24 * time.Hour),
		Total: Count{Objects: 3, Summary: Summary{Pass: 10, Fail: 1, Warn: 2, Skip: 1}, New: 1},
		Namespaces: []Count{
			{Name: "shop", Objects: 2, Summary: Summary{Pass: 5, Fail: 1, Warn: 2, Skip: 1}, New: 1},
			{Name: "quiet", Objects: 1, Summary: Summary{Pass: 5}},
		},
		Rules: []Count{
			{Name: "a", Objects: 1, Summary: Summary{Fail: 1}, New: 1},
			{Name: "b", Objects: 2, Summary: Summary{Warn: 2, Skip: 1}},
		},
	}
	told := got.Results
	got.Results = nil
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	var names []string
	for _, result := range told {
		names = append(names, result.Object.String()+" "+result.Rule)
	}
	if diff := cmp.Diff([]string{"Deployment/shop/api a", "Deployment/shop/api b", "Deployment/shop/web b", "Deployment/shop/web b"}, names); diff != "" {
		t.Errorf("results (-want +got):\n%s", diff)
	}
}
