package render

import (
	"encoding/json"
	"io"

	"greenlight.dev/greenlight/api/v1alpha1"
	"greenlight.dev/greenlight/internal/check"
)

// checkResult is the document that programs read: its fields stay within a version.
type checkResult struct {
	APIVersion string          `json:"apiVersion"`
	Kind       string          `json:"kind"`
	Findings   []check.Finding `json:"findings"`
	Skipped    []check.Skipped `json:"skipped"`
	Summary    check.Summary   `json:"summary"`
}

// JSON writes the result as one document of kind CheckResult.
func JSON(w io.Writer, result *check.Result) error {
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	encoder.SetEscapeHTML(false)
	return encoder.Encode(checkResult{
		APIVersion: v1alpha1.GroupVersion.String(),
		Kind:       "CheckResult",
		// An empty list is written as one, not as null.
		Findings: append([]check.Finding{}, result.Findings...),
		Skipped:  append([]check.Skipped{}, result.Skipped...),
		Summary:  result.Summary,
	})
}
