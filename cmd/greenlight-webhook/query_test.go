package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"sigs.k8s.io/yaml"
)

// query is what config/prometheus asks, and the texts that the labels of its answer are put into.
type query struct {
	where, expression string
	texts             []string
}

var (
	metricName = regexp.MustCompile(`\bgreenlight_\w*[a-z]\b`)
	matchers   = regexp.MustCompile(`\bgreenlight_\w+\{([^}]*)\}`)
	matched    = regexp.MustCompile(`(\w+) *(?:=~|!~|!=|=)`)
	grouped    = regexp.MustCompile(`\bby \(([^)]*)\)`)
	quoted     = regexp.MustCompile(`\{\{ *(?:\$labels\.)?(\w+) *\}\}`)
)

// metrics are the names of Greenlight's own that it asks for.
func (q query) metrics() []string { return metricName.FindAllString(q.expression, -1) }

// groups are the labels that its answer has.
func (q query) groups() []string {
	var labels []string
	for _, list := range grouped.FindAllStringSubmatch(q.expression, -1) {
		labels = append(labels, strings.Split(strings.ReplaceAll(list[1], " ", ""), ",")...)
	}
	return labels
}

// matches are the labels that it tells series of Greenlight's own by.
func (q query) matches() []string {
	var labels []string
	for _, list := range matchers.FindAllStringSubmatch(q.expression, -1) {
		for _, label := range matched.FindAllStringSubmatch(list[1], -1) {
			labels = append(labels, label[1])
		}
	}
	return labels
}

// quotes are the labels that its texts have a place for.
func (q query) quotes() []string {
	var labels []string
	for _, label := range quoted.FindAllStringSubmatch(strings.Join(q.texts, "\n"), -1) {
		labels = append(labels, label[1])
	}
	return labels
}

func alertQueries(t *testing.T) []query {
	t.Helper()
	var file struct {
		Spec struct {
			Groups []struct {
				Rules []struct {
					Alert, Expr string
					Annotations map[string]string
				}
			}
		}
	}
	read(t, "alerts.yaml", &file)
	var queries []query
	for _, group := range file.Spec.Groups {
		for _, rule := range group.Rules {
			queries = append(queries, query{rule.Alert, rule.Expr, []string{rule.Annotations["summary"], rule.Annotations["description"]}})
		}
	}
	return queries
}

func dashboardQueries(t *testing.T) []query {
	t.Helper()
	var file struct {
		Panels []struct {
			Title   string
			Targets []struct{ Expr, LegendFormat string }
		}
	}
	read(t, "dashboard.json", &file)
	var queries []query
	for _, panel := range file.Panels {
		for _, target := range panel.Targets {
			queries = append(queries, query{"the panel " + panel.Title, target.Expr, []string{target.LegendFormat}})
		}
	}
	return queries
}

func read(t *testing.T, name string, into any) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("../../config/prometheus", name))
	if err != nil {
		t.Fatal(err)
	}
	if err := yaml.Unmarshal(text, into); err != nil {
		t.Fatal(err)
	}
}
