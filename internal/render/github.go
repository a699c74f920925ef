package render

import (
	"bytes"
	"fmt"
	"io"
	"strings"

	"greenlight.dev/greenlight/api/v1alpha1"
	"greenlight.dev/greenlight/internal/check"
)

// commands are the workflow commands of GitHub Actions that annotate a line.
var commands = map[v1alpha1.Mode]string{v1alpha1.Deny: "error", v1alpha1.Warn: "warning", v1alpha1.Audit: "notice"}

// GitHub escapes its commands by docs.github.com/actions/reference/workflow-commands-for-github-actions.
var (
	escapeMessage  = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	escapeProperty = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
)

// GitHub writes a workflow command for each finding and each error, which GitHub Actions shows beside its
// line, and a summary for the log.
func GitHub(w io.Writer, result *check.Result) error {
	var out bytes.Buffer
	for _, fault := range result.Errors {
		out.WriteString(annotation("error", fault.Place, "greenlight", fault.Message))
	}
	for _, finding := range result.Findings {
		title := finding.Rule + " " + finding.Object.String()
		out.WriteString(annotation(commands[finding.Mode], finding.Place, title, advice(finding)+"\n"+finding.URL))
	}
	out.WriteString(summary(result.Summary, plain))
	_, err := w.Write(out.Bytes())
	return err
}

func annotation(command string, place check.Place, title, message string) string {
	var properties []string
	if place.File != "" {
		properties = append(properties, "file="+escapeProperty.Replace(place.File))
	}
	if place.Line > 0 {
		properties = append(properties, fmt.Sprintf("line=%d,col=%d", place.Line, place.Column))
	}
	properties = append(properties, "title="+escapeProperty.Replace(title))
	return fmt.Sprintf("::%s %s::%s\n", command, strings.Join(properties, ","), escapeMessage.Replace(message))
}

// advice is what a finding says and how to fix it.
func advice(finding check.Finding) string {
	if finding.Fix == "" {
		return finding.Message
	}
	return finding.Message + "\nFix: " + finding.Fix
}
