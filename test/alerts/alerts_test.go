// Package alerts tests the alert rules and the dashboard with Prometheus' own engine. It is a module of its
// own, because Prometheus requires other releases of Kubernetes' libraries than the suites.
package alerts

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/prometheus/prometheus/model/rulefmt"
	"github.com/prometheus/prometheus/promql/parser"
	"github.com/prometheus/prometheus/promql/promqltest"
	"gopkg.in/yaml.v3"
)

const (
	config  = "../../config/prometheus"
	runbook = "../../docs/runbook.md"
)

// TestAlertsFireWhenTheyMust runs testdata/<alert>.test for each alert. In these EXPR is the expression, and
// count(EXPR) the number of alerts that fire: an eval without a result expects none.
func TestAlertsFireWhenTheyMust(t *testing.T) {
	groups := ruleGroups(t)
	tested := 0
	for _, group := range groups.Groups {
		for _, rule := range group.Rules {
			t.Run(rule.Alert.Value, func(t *testing.T) { fires(t, rule.Alert.Value, rule.Expr.Value) })
			tested++
		}
	}
	files, err := filepath.Glob("testdata/*.test")
	if err != nil || len(files) != tested {
		t.Errorf("%d files of tests for %d alerts, %v", len(files), tested, err)
	}
}

// ruleGroups returns what the Prometheus operator makes of the PrometheusRule: its spec is a rule file.
func ruleGroups(t *testing.T) *rulefmt.RuleGroups {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(config, "alerts.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	var object struct{ Spec yaml.Node }
	if err := yaml.Unmarshal(text, &object); err != nil {
		t.Fatal(err)
	}
	spec, err := yaml.Marshal(&object.Spec)
	if err != nil {
		t.Fatal(err)
	}
	groups, errs := rulefmt.Parse(spec, false)
	for _, err := range errs {
		t.Fatal(err)
	}
	return groups
}

func fires(t *testing.T, alert, expression string) {
	text, err := os.ReadFile(filepath.Join("testdata", alert+".test"))
	if err != nil {
		t.Fatal(err)
	}
	cases := string(text)
	if !strings.Contains(cases, "count(EXPR)\n  {} ") || !strings.Contains(cases+"\n\n", "count(EXPR)\n\n") {
		t.Fatal("there must be a time at which it fires, and one at which it does not")
	}
	cases = strings.ReplaceAll(cases, "EXPR", strings.Join(strings.Fields(expression), " "))
	promqltest.RunTest(t, cases, promqltest.NewTestEngine(t, false, 0, promqltest.DefaultMaxSamplesPerQuery))
}

// The runbook is published at greenlight.dev, where a heading's anchor is its text in lower case.
func TestEveryAlertHasItsPartOfTheRunbook(t *testing.T) {
	text, err := os.ReadFile(runbook)
	if err != nil {
		t.Fatal(err)
	}
	var alerts []string
	for _, group := range ruleGroups(t).Groups {
		for _, rule := range group.Rules {
			alerts = append(alerts, rule.Alert.Value)
			want := "https://greenlight.dev/runbook#" + strings.ToLower(rule.Alert.Value)
			if got := rule.Annotations["runbook_url"]; got != want {
				t.Errorf("%s: runbook_url is %q, want %q", rule.Alert.Value, got, want)
			}
		}
	}
	var parts []string
	for line := range strings.Lines(string(text)) {
		if part, is := strings.CutPrefix(line, "## "); is {
			parts = append(parts, strings.TrimSpace(part))
		}
	}
	slices.Sort(alerts)
	slices.Sort(parts)
	if !slices.Equal(alerts, parts) {
		t.Errorf("the alerts are %v, the parts of the runbook %v", alerts, parts)
	}
}

func TestTheDashboardAsksWhatCanBeAnswered(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(config, "dashboard.json"))
	if err != nil {
		t.Fatal(err)
	}
	var dashboard struct {
		Panels []struct {
			Title   string
			Targets []struct{ Expr string }
		}
	}
	if err := json.Unmarshal(text, &dashboard); err != nil {
		t.Fatal(err)
	}
	for _, panel := range dashboard.Panels {
		if len(panel.Targets) == 0 {
			t.Errorf("panel %q asks nothing", panel.Title)
		}
		for _, target := range panel.Targets {
			if _, err := parser.ParseExpr(strings.ReplaceAll(target.Expr, "$__rate_interval", "5m")); err != nil {
				t.Errorf("panel %q: %v", panel.Title, err)
			}
		}
	}
}
