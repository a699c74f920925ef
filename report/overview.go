package report

import (
	"cmp"
	"maps"
	"slices"
	"time"

	corev1 "k8s.io/api/core/v1"

	"greenlight.dev/greenlight/api/v1alpha1"
)

// Overview is the state of a cluster, from its reports.
type Overview struct {
	// Since is what New counts from.
	Since time.Time `json:"since"`
	Total Count     `json:"total"`
	// Namespaces and Rules have the most severe first.
	Namespaces []Count `json:"namespaces"`
	Rules      []Count `json:"rules"`
	// Results are sorted by namespace, kind, name and rule.
	Results []Told `json:"results"`
}

// Count counts the objects and the results of a namespace or of a rule.
type Count struct {
	Name string `json:"name,omitempty"`
	// Objects are those that are judged in a namespace, and those with a result of a rule.
	Objects int `json:"objects"`
	// Summary passes nothing for a rule: a report does not tell which rules passed.
	Summary
	// New are the failures, errors and warnings that were first seen of late.
	New int `json:"new"`
}

// Told is a result with the object that it is of.
type Told struct {
	Object  Object        `json:"object"`
	Policy  string        `json:"policy"`
	Rule    string        `json:"rule"`
	Outcome Outcome       `json:"outcome"`
	Mode    v1alpha1.Mode `json:"mode,omitempty"`
	Path    string        `json:"path,omitempty"`
	Message string        `json:"message"`
	Fix     string        `json:"fix,omitempty"`
	Since   time.Time     `json:"since"`
}

// Object names an object.
type Object struct {
	APIVersion string `json:"apiVersion"`
	Kind       string `json:"kind"`
	Namespace  string `json:"namespace"`
	Name       string `json:"name"`
}

// NewOverview sums reports up. What was first seen after since is new.
func NewOverview(reports []Report, since time.Time) Overview {
	o := Overview{Since: since.UTC(), Results: []Told{}}
	namespaces, rules := map[string]*Count{}, map[string]*Count{}
	for _, report := range reports {
		for _, count := range []*Count{&o.Total, at(namespaces, report.Object.Namespace)} {
			count.addReport(report, since)
		}
		for rule, results := range byRule(report.Results) {
			at(rules, rule).addReport(Report{Summary: summarize(results), Results: results}, since)
		}
		for _, result := range report.Results {
			o.Results = append(o.Results, tell(report, result))
		}
	}
	o.Namespaces, o.Rules = mostSevereFirst(namespaces), mostSevereFirst(rules)
	slices.SortStableFunc(o.Results, func(a, b Told) int { return cmp.Or(a.Object.compare(b.Object), cmp.Compare(a.Rule, b.Rule)) })
	return o
}

func (c *Count) addReport(report Report, since time.Time) {
	c.Objects++
	c.Pass += report.Summary.Pass
	c.Fail += report.Summary.Fail
	c.Error += report.Summary.Error
	c.Warn += report.Summary.Warn
	c.Skip += report.Summary.Skip
	for _, result := range report.Results {
		if result.Outcome != Skip && result.Since.After(since) {
			c.New++
		}
	}
}

func at(counts map[string]*Count, name string) *Count {
	if counts[name] == nil {
		counts[name] = &Count{Name: name}
	}
	return counts[name]
}

func byRule(results []Result) map[string][]Result {
	all := map[string][]Result{}
	for _, result := range results {
		all[result.Rule] = append(all[result.Rule], result)
	}
	return all
}

func mostSevereFirst(counts map[string]*Count) []Count {
	sorted := make([]Count, 0, len(counts))
	for _, count := range slices.SortedFunc(maps.Values(counts), func(a, b *Count) int {
		return cmp.Or(cmp.Compare(b.Fail, a.Fail), cmp.Compare(b.Error, a.Error), cmp.Compare(b.Warn, a.Warn), cmp.Compare(a.Name, b.Name))
	}) {
		sorted = append(sorted, *count)
	}
	return sorted
}

func tell(report Report, result Result) Told {
	return Told{
		Object: named(report.Object), Policy: report.Policy, Rule: result.Rule, Outcome: result.Outcome, Mode: result.Mode,
		Path: result.Path, Message: result.Message, Fix: result.Fix, Since: result.Since,
	}
}

func named(reference corev1.ObjectReference) Object {
	return Object{reference.APIVersion, reference.Kind, reference.Namespace, reference.Name}
}

func (o Object) compare(p Object) int {
	return cmp.Or(cmp.Compare(o.Namespace, p.Namespace), cmp.Compare(o.Kind, p.Kind), cmp.Compare(o.Name, p.Name))
}

// String names the object as people do: Deployment/shop/web.
func (o Object) String() string { return o.Kind + "/" + o.Namespace + "/" + o.Name }
