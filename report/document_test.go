package report

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"sigs.k8s.io/yaml"

	"greenlight.dev/greenlight/api/v1alpha1"
	"greenlight.dev/greenlight/internal/engine"
)

var noon = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

func someReport() Report {
	report := Of(web(), engine.Verdict{
		Policy: "baseline", Evaluated: 3,
		Findings: []engine.Finding{finding("denied", v1alpha1.Deny, "")},
		Skipped:  []engine.Skip{{Rule: "skipped", Reason: "Services are not known"}},
	})
	report.since(Report{}, noon)
	return report
}

func TestAReportIsWrittenInEachFormatAndReadAgain(t *testing.T) {
	for _, format := range Formats {
		t.Run(format.Name, func(t *testing.T) {
			document, err := format.write(someReport())
			if err != nil {
				t.Fatal(err)
			}
			got, err := yaml.Marshal(document.Object)
			if err != nil {
				t.Fatal(err)
			}
			want, err := os.ReadFile(filepath.Join("testdata", format.Name+".yaml"))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), string(got)); diff != "" {
				t.Errorf("document (-want +got):\n%s", diff)
			}
			read, err := Read(document)
			if diff := cmp.Diff(someReport(), read); err != nil || diff != "" {
				t.Errorf("read again (-want +got), error %v:\n%s", err, diff)
			}
		})
	}
}

func TestAnUnknownFormatIsToldWithThoseThereAre(t *testing.T) {
	_, err := Find("sarif")
	if want := `there is no format "sarif": want openreports or policyreport`; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

func TestAReportIsAtMost256KiB(t *testing.T) {
	report := someReport()
	for i := range 1000 {
		result := report.Results[0]
		result.Path = fmt.Sprintf("spec.%d", i)
		// What is worst in JSON takes six bytes for one.
		result.Message = strings.Repeat("<", 2*maxText)
		report.Results = append(report.Results, result)
	}
	document, err := OpenReports.write(report)
	if err != nil {
		t.Fatal(err)
	}
	written, err := document.MarshalJSON()
	if err != nil {
		t.Fatal(err)
	}
	if len(written) > maxSize || len(written) < maxSize/2 {
		t.Errorf("%d bytes", len(written))
	}
	results := document.Object["results"].([]any)
	last := results[len(results)-1].(map[string]any)["properties"].(map[string]any)
	want := fmt.Sprintf("%d more results, for which there was no room", len(report.Results)-len(results))
	if last[leftOutProperty] != want {
		t.Errorf("the last result says %q, want %q", last[leftOutProperty], want)
	}
}

func TestTheHashIsOfWhatIsSaid(t *testing.T) {
	hash := func(change func(*Report)) string {
		report := someReport()
		change(&report)
		document, err := OpenReports.write(report)
		if err != nil {
			t.Fatal(err)
		}
		return hashOf(document)
	}
	same := hash(func(*Report) {})
	if hash(func(r *Report) { r.Results[0].Since = noon.Add(time.Hour) }) != same {
		t.Error("the hash depends on when a result was first seen")
	}
	changes := map[string]func(*Report){
		"message": func(r *Report) { r.Results[0].Message = "Other." },
		"summary": func(r *Report) { r.Summary.Pass++ },
		"policy":  func(r *Report) { r.Policy = "other" },
		"scope":   func(r *Report) { r.Object.Name = "other" },
	}
	for name, change := range changes {
		if hash(change) == same {
			t.Errorf("the hash does not depend on the %s", name)
		}
	}
}

func TestAResultKeepsTheTimeWhenItWasFirstSeen(t *testing.T) {
	earlier, later := someReport(), someReport()
	later.Results[0].Message = "It is deny, with another number."
	later.Results = append(later.Results, Result{Rule: "new", Outcome: Warn, Mode: v1alpha1.Warn})
	added := later.since(earlier, noon.Add(time.Hour))
	for i, want := range []time.Time{noon, noon, noon.Add(time.Hour)} {
		if got := later.Results[i].Since; !got.Equal(want) {
			t.Errorf("result %d is of %s, want %s", i, got, want)
		}
	}
	if len(added) != 1 || added[0].Rule != "new" {
		t.Errorf("new are %v", added)
	}
}
