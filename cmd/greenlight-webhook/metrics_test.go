package main

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// What they find is tested by test/alerts, a module that cannot know what is exported.
func TestAlertsAndDashboardAskForWhatIsExported(t *testing.T) {
	exported := exportedMetrics(t)
	for _, query := range append(alertQueries(t), dashboardQueries(t)...) {
		var labels []string
		for _, name := range query.metrics() {
			of, ok := labelsOf(exported, name)
			if !ok {
				t.Errorf("%s asks for %s, which nothing exports", query.where, name)
			}
			labels = append(labels, of...)
		}
		for _, label := range append(query.groups(), query.matches()...) {
			if len(query.metrics()) > 0 && !slices.Contains(labels, label) {
				t.Errorf("%s uses the label %s: %v have %v", query.where, label, query.metrics(), labels)
			}
		}
		for _, label := range query.quotes() {
			if !slices.Contains(query.groups(), label) {
				t.Errorf("%s tells of the label %s: its answer has %v", query.where, label, query.groups())
			}
		}
	}
}

func TestThePagesTellOfMetricsThatAreExported(t *testing.T) {
	exported := exportedMetrics(t)
	pages, err := filepath.Glob("../../docs/*.md")
	if err != nil || len(pages) == 0 {
		t.Fatalf("%d pages, %v", len(pages), err)
	}
	for _, page := range pages {
		text, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range metricName.FindAllString(string(text), -1) {
			if _, ok := labelsOf(exported, name); !ok {
				t.Errorf("%s tells of %s, which nothing exports", page, name)
			}
		}
	}
}
