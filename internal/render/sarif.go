package render

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io"
	"net/url"
	"path"
	"strings"

	"greenlight.dev/greenlight/api/v1alpha1"
	"greenlight.dev/greenlight/internal/check"
	"greenlight.dev/greenlight/internal/version"
	"greenlight.dev/greenlight/rules"
)

// sourceRoot is what relative paths are relative to: the name that code scanning knows.
const sourceRoot = "%SRCROOT%"

var sarifLevels = map[v1alpha1.Mode]string{
	v1alpha1.Deny: "error", v1alpha1.Warn: "warning", v1alpha1.Audit: "note", v1alpha1.Off: "none",
}

// SARIF writes a log of SARIF 2.1.0, as code scanning reads it. What was lifted is in it as suppressed; what
// was wrong with the input or not evaluated are notifications of the run.
func SARIF(w io.Writer, result *check.Result) error {
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	encoder.SetEscapeHTML(false)
	return encoder.Encode(sarifLog{
		Schema:  "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
		Version: "2.1.0",
		Runs:    []sarifRun{run(result)},
	})
}

func run(result *check.Result) sarifRun {
	described, index := describe(result)
	results := results{index: index, seen: map[string]int{}, list: []sarifResult{}}
	for _, finding := range result.Findings {
		results.add(finding)
	}
	for _, exempted := range result.Exempted {
		// Where an annotation lifts a finding, it is still the policy that lets it.
		results.add(exempted.Finding, sarifSuppression{Kind: "external", Justification: exempted.By})
	}
	return sarifRun{
		Tool: sarifTool{sarifDriver{
			Name: "Greenlight", Version: version.Number(), InformationURI: "https://greenlight.dev", Rules: described,
		}},
		Invocations: []sarifInvocation{{Successful: len(result.Errors) == 0, Notifications: notifications(result)}},
		BaseURIs: map[string]sarifArtifact{
			sourceRoot: {Description: &sarifMessage{Text: "The folder in which greenlight check was run."}},
		},
		Results:    results.list,
		ColumnKind: "unicodeCodePoints",
	}
}

// describe returns the rules with results, and the index of each.
func describe(result *check.Result) ([]sarifRule, map[string]int) {
	found := map[string]bool{}
	for _, finding := range result.Findings {
		found[finding.Rule] = true
	}
	for _, exempted := range result.Exempted {
		found[exempted.Rule] = true
	}
	described, index := []sarifRule{}, map[string]int{}
	for _, entry := range rules.All {
		if found[entry.ID] {
			index[entry.ID] = len(described)
			described = append(described, descriptor(entry))
		}
	}
	return described, index
}

func descriptor(entry rules.Entry) sarifRule {
	paragraphs := strings.SplitN(entry.Doc, "\n\n", 3)
	return sarifRule{
		ID:               entry.ID,
		ShortDescription: sarifMessage{Text: entry.Title()},
		FullDescription:  sarifMessage{Text: oneLine(paragraphs[1])},
		Help:             sarifMessage{Text: entry.Doc, Markdown: entry.Doc},
		HelpURI:          rules.URL(entry.ID),
		Configuration:    sarifConfiguration{Enabled: entry.Baseline != v1alpha1.Off, Level: sarifLevels[entry.Baseline]},
	}
}

// results are the results so far, and how often each fingerprint was seen.
type results struct {
	index, seen map[string]int
	list        []sarifResult
}

func (r *results) add(finding check.Finding, suppressions ...sarifSuppression) {
	print := fingerprint(finding)
	r.seen[print]++
	place := location(finding.Place)
	place.Logical = []sarifLogicalLocation{{finding.Object.Name, finding.Object.String(), "resource"}}
	r.list = append(r.list, sarifResult{
		RuleID: finding.Rule, RuleIndex: r.index[finding.Rule], Level: sarifLevels[finding.Mode],
		Message:   sarifMessage{Text: advice(finding)},
		Locations: []sarifLocation{place},
		// The ordinal tells the findings of one field apart.
		Fingerprints: map[string]string{"greenlight/v1": fmt.Sprintf("%s:%d", print, r.seen[print])},
		Suppressions: suppressions,
	})
}

// fingerprint stays the same while a finding moves in its file, or its numbers change.
func fingerprint(finding check.Finding) string {
	identity := strings.Join([]string{finding.Rule, finding.File, finding.Object.String(), finding.Path}, "\x00")
	return fmt.Sprintf("%x", sha256.Sum256([]byte(identity)))[:32]
}

func notifications(result *check.Result) []sarifNotification {
	var told []sarifNotification
	for _, fault := range result.Errors {
		notification := sarifNotification{Level: "error", Message: sarifMessage{Text: fault.Message}}
		if fault.File != "" {
			notification.Locations = []sarifLocation{location(fault.Place)}
		}
		told = append(told, notification)
	}
	for _, skipped := range result.Skipped {
		told = append(told, sarifNotification{
			Level:   "note",
			Message: sarifMessage{Text: fmt.Sprintf("%s was not evaluated for %s: %s", skipped.Rule, skipped.Object, skipped.Reason)},
			Rule:    &sarifRuleRef{skipped.Rule}, Locations: []sarifLocation{location(skipped.Place)},
		})
	}
	return told
}

func location(place check.Place) sarifLocation {
	artifact := sarifArtifact{URI: (&url.URL{Path: place.File}).String(), BaseID: sourceRoot}
	if path.IsAbs(place.File) {
		artifact = sarifArtifact{URI: (&url.URL{Scheme: "file", Path: place.File}).String()}
	}
	location := sarifLocation{Physical: sarifPhysicalLocation{Artifact: artifact}}
	if place.Line > 0 {
		location.Physical.Region = &sarifRegion{place.Line, place.Column}
	}
	return location
}
