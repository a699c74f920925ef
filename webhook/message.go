package webhook

import (
	"fmt"
	"strings"

	"greenlight.dev/greenlight/internal/engine"
)

// maxWarning bounds a warning, in runes. The API server sends each as an HTTP header, and cuts them
// itself where all of them together get too long.
const maxWarning = 512

// denial is what the author of a change reads when it is denied: every finding at once.
func denial(subject, policy string, findings []engine.Finding) string {
	if len(findings) == 1 {
		return fmt.Sprintf("%s denied by %s", subject, sentence(findings[0]))
	}
	var text strings.Builder
	fmt.Fprintf(&text, "%s: %d findings deny this change (policy %s)", subject, len(findings), policy)
	for _, finding := range findings {
		text.WriteString("\n- " + sentence(finding))
	}
	return text.String()
}

// sentence tells one finding: which rule, where, what is wrong and what to do about it.
func sentence(finding engine.Finding) string {
	return strings.TrimSpace(fmt.Sprintf("%s at %s: %s %s", finding.Rule, finding.Path, finding.Message, finding.Fix))
}

func warnings(findings []engine.Finding) []string {
	var warnings []string
	for _, finding := range findings {
		warnings = append(warnings, warning(sentence(finding)))
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
