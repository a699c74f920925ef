package webhook

import (
	"encoding/json"

	"greenlight.dev/greenlight/api/v1alpha1"
	"greenlight.dev/greenlight/internal/engine"
)

// note is a finding, or a rule that was skipped, in the log and in the audit log.
type note struct {
	Rule   string        `json:"rule"`
	Mode   v1alpha1.Mode `json:"mode,omitempty"`
	Path   string        `json:"path,omitempty"`
	Reason string        `json:"reason,omitempty"`
}

func notes(findings []engine.Finding) []note {
	notes := make([]note, len(findings))
	for i, finding := range findings {
		notes[i] = note{Rule: finding.Rule, Mode: finding.Mode, Path: finding.Path.String(), Reason: finding.Note}
	}
	return notes
}

func skips(skipped []engine.Skip) []note {
	notes := make([]note, len(skipped))
	for i, skip := range skipped {
		notes[i] = note{Rule: skip.Rule, Reason: skip.Reason}
	}
	return notes
}

func lifts(lifted []engine.Lifted) []note {
	notes := make([]note, len(lifted))
	for i, lifted := range lifted {
		notes[i] = note{Rule: lifted.Rule, Mode: lifted.Mode, Path: lifted.Path.String(), Reason: lifted.By}
	}
	return notes
}

// auditAnnotations is what the audit log keeps of a verdict. The API server puts the webhook's name
// before each key.
func auditAnnotations(verdict engine.Verdict) (map[string]string, error) {
	annotations := map[string]string{"policy": verdict.Policy}
	if verdict.Override != "" {
		annotations["override"] = verdict.Override
	}
	for key, notes := range map[string][]note{"findings": notes(verdict.Findings), "lifted": lifts(verdict.Lifted), "skipped": skips(verdict.Skipped)} {
		if len(notes) == 0 {
			continue
		}
		text, err := json.Marshal(notes)
		if err != nil {
			return nil, err
		}
		annotations[key] = string(text)
	}
	return annotations, nil
}
