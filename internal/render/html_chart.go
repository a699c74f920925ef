package render

import (
	"cmp"
	"slices"

	"greenlight.dev/greenlight/api/v1alpha1"
	"greenlight.dev/greenlight/internal/check"
)

// shownModes are the modes that findings have, the most severe first.
var shownModes = []v1alpha1.Mode{v1alpha1.Deny, v1alpha1.Warn, v1alpha1.Audit}

// tally counts the findings of a rule.
type tally struct {
	Rule  string
	Count modeCount
	Total int
	// Most is the total of the rule with most findings, which is as long as a bar gets.
	Most int
}

// tallies counts the findings of each rule, those with most first.
func tallies(findings []check.Finding) []tally {
	counts := map[string]modeCount{}
	for _, finding := range findings {
		if counts[finding.Rule] == nil {
			counts[finding.Rule] = modeCount{}
		}
		counts[finding.Rule][finding.Mode]++
	}
	var tallies []tally
	most := 0
	for rule, count := range counts {
		total := count[v1alpha1.Deny] + count[v1alpha1.Warn] + count[v1alpha1.Audit]
		most = max(most, total)
		tallies = append(tallies, tally{Rule: rule, Count: count, Total: total})
	}
	slices.SortFunc(tallies, func(a, b tally) int { return cmp.Or(cmp.Compare(b.Total, a.Total), cmp.Compare(a.Rule, b.Rule)) })
	for i := range tallies {
		tallies[i].Most = most
	}
	return tallies
}

// bar is one part of a bar, in percent of the chart's width.
type bar struct {
	Mode     v1alpha1.Mode
	X, Width float64
}

// chart returns the bar of a rule, a part for each mode.
func chart(tally tally) []bar {
	var bars []bar
	x := 0.0
	for _, mode := range shownModes {
		width := 100 * float64(tally.Count[mode]) / float64(tally.Most)
		if width > 0 {
			bars = append(bars, bar{mode, x, width})
		}
		x += width
	}
	return bars
}
