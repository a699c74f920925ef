package render

import (
	"cmp"
	"crypto/sha256"
	_ "embed" // For the parts of the page.
	"encoding/base64"
	"html/template"
	"io"
	"slices"

	"greenlight.dev/greenlight/api/v1alpha1"
	"greenlight.dev/greenlight/internal/check"
	"greenlight.dev/greenlight/rules"
)

// The parts of the page. The script only filters: without it the page shows everything.
var (
	//go:embed html/page.html
	pageTemplate string
	//go:embed html/page.css
	pageStyle string
	//go:embed html/page.js
	pageScript string
)

var pageParsed = template.Must(template.New("page").Funcs(template.FuncMap{
	"plural": plural,
	"chart":  chart,
}).Parse(pageTemplate))

// page is what the template shows.
type page struct {
	*check.Result
	Style  template.CSS
	Script template.JS
	// ScriptHash lets this script run and no other, such as one that a manifest might smuggle in.
	ScriptHash string
	Tallies    []tally
	Namespaces []pageNamespace
}

// pageNamespace are the findings in a namespace, by rule.
type pageNamespace struct {
	Name  string
	Count modeCount
	Rules []pageRule
}

type pageRule struct {
	ID, Title, URL string
	Findings       []pageFinding
}

type pageFinding struct {
	check.Finding
	Excerpt []excerptLine
}

// HTML writes one page that needs nothing else: no other file and no network.
func HTML(w io.Writer, result *check.Result) error {
	hash := sha256.Sum256([]byte(pageScript))
	return pageParsed.Execute(w, page{
		Result:     result,
		Style:      template.CSS(pageStyle),
		Script:     template.JS(pageScript),
		ScriptHash: "sha256-" + base64.StdEncoding.EncodeToString(hash[:]),
		Tallies:    tallies(result.Findings),
		Namespaces: byNamespace(result),
	})
}

func byNamespace(result *check.Result) []pageNamespace {
	findings := slices.Clone(result.Findings)
	slices.SortStableFunc(findings, func(a, b check.Finding) int {
		return cmp.Or(cmp.Compare(a.Object.Namespace, b.Object.Namespace), cmp.Compare(rank(a.Rule), rank(b.Rule)))
	})
	excerpts := excerpts{sources: result.Sources, lines: map[string][]string{}}
	var namespaces []pageNamespace
	for _, finding := range findings {
		if len(namespaces) == 0 || namespaces[len(namespaces)-1].Name != finding.Object.Namespace {
			namespaces = append(namespaces, pageNamespace{Name: finding.Object.Namespace, Count: modeCount{}})
		}
		namespace := &namespaces[len(namespaces)-1]
		namespace.Count[finding.Mode]++
		if count := len(namespace.Rules); count == 0 || namespace.Rules[count-1].ID != finding.Rule {
			namespace.Rules = append(namespace.Rules, pageRule{ID: finding.Rule, Title: title(finding.Rule), URL: finding.URL})
		}
		rule := &namespace.Rules[len(namespace.Rules)-1]
		rule.Findings = append(rule.Findings, pageFinding{finding, excerpts.around(finding.Place)})
	}
	return namespaces
}

// rank is the place of a rule in the order in which findings are told.
func rank(id string) int {
	return slices.IndexFunc(rules.All, func(entry rules.Entry) bool { return entry.ID == id })
}

func title(id string) string {
	entry, err := rules.Find(rules.All, id)
	if err != nil {
		return id
	}
	return entry.Title()
}

// modeCount counts findings by their mode.
type modeCount map[v1alpha1.Mode]int
