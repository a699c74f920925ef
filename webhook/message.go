package webhook

import (
	"fmt"
	"strings"

	"greenlight.dev/greenlight/api/v1alpha1"
	"greenlight.dev/greenlight/internal/engine"
	"greenlight.dev/greenlight/rules"
)

// maxWarning bounds a warning, in runes. The API server sends each as an HTTP header, and cuts them
// itself where all of them together get too long.
const maxWarning = 512

// denial is what the author of a change reads when it is denied: every finding at once, and which changes of
// others, admitted a moment ago, it counts as made.
func denial(subject string, verdict engine.Verdict, counted []string) string {
	findings := verdict.With(v1alpha1.Deny)
	var text strings.Builder
	if len(findings) == 1 {
		fmt.Fprintf(&text, "%s denied by %s", subject, explained(findings[0]))
	} else {
		fmt.Fprintf(&text, "%s: %d findings deny this change (policy %s)", subject, len(findings), verdict.Policy)
		for _, finding := range findings {
			text.WriteString("\n- " + explained(finding))
		}
	}
	if len(counted) > 0 {
		fmt.Fprintf(&text, "\nThis counts as made what was admitted a moment ago: %s.", strings.Join(counted, "; "))
	}
	if verdict.Override != "" {
		text.WriteString("\n" + verdict.Override)
	}
	return text.String()
}

// explained tells one finding, and where its rule is explained.
func explained(finding engine.Finding) string {
	return sentence(finding) + " See " + rules.URL(finding.Rule)
}

// sentence tells one finding: which rule, where, what is wrong and what to do about it.
func sentence(finding engine.Finding) string {
	text := strings.TrimSpace(fmt.Sprintf("%s at %s: %s %s", finding.Rule, finding.Path, finding.Message, finding.Fix))
	if finding.Note != "" {
		text += " (" + finding.Note + ")"
	}
	return text
}

// warnings tell what was found and admitted, and what was lifted and by what.
func warnings(verdict engine.Verdict) []string {
	var warnings []string
	for _, finding := range verdict.With(v1alpha1.Warn) {
		warnings = append(warnings, warning(sentence(finding)))
	}
	for _, lifted := range verdict.Lifted {
		// Of what is only audited its author hears nothing in any case.
		if lifted.Mode != v1alpha1.Audit {
			warnings = append(warnings, warning(fmt.Sprintf("%s at %s is lifted by %s", lifted.Rule, lifted.Path, lifted.By)))
		}
	}
	if verdict.Late != "" {
		warnings = append(warnings, warning(verdict.Late))
	}
	return warnings
}

// warning makes text fit for an HTTP header: one line, of bounded length.
func warning(text string) string {
	line := strings.Join(strings.Fields(text), " ")
	if runes := []rune(line); len(runes) > maxWarning {
		return string(runes[:maxWarning-1]) + "…"
	}
	return line
}
