package differential

import (
	"fmt"
	"slices"
	"strings"
)

// onlyThere are the rules that need what only the webhook reads: who switched which Service when.
var onlyThere = []string{"previous-colour-removed-early"}

// tell says what the webhook found, and then what it skipped.
func (a answer) tell() []string {
	var told []string
	texts := slices.Clone(a.texts)
	for _, found := range a.audit.findings {
		lead := fmt.Sprintf("%s at %s: ", found.Rule, found.Path)
		told = append(told, fmt.Sprintf("%s %s%s", found.Mode, lead, takeSentence(&texts, lead)))
	}
	return append(sorted(told), skips(a.audit.skipped)...)
}

// takeSentence takes the rest of the sentence that begins so from the texts, without the line breaks that a
// warning has not. What is only audited is in none.
func takeSentence(texts *[]string, lead string) string {
	for i, text := range *texts {
		if _, rest, found := strings.Cut(text, lead); found {
			*texts = slices.Delete(*texts, i, i+1)
			said, _, _ := strings.Cut(rest, " See https://greenlight.dev/rules/")
			return oneLine(said)
		}
	}
	return ""
}

// tell says the same of what check found. The notes of the webhook tell which part of a message is one.
func (j judgement) tell(notes []note) []string {
	var told []string
	for _, found := range j.findings {
		told = append(told, fmt.Sprintf("%s %s at %s: %s", found.Mode, found.Rule, found.Path, found.sentence(notes)))
	}
	skipped := slices.DeleteFunc(slices.Clone(j.skipped), func(skipped note) bool { return slices.Contains(onlyThere, skipped.Rule) })
	return append(sorted(told), skips(skipped)...)
}

// sentence puts a note behind the fix, where the webhook has it.
func (f finding) sentence(notes []note) string {
	if f.Mode == "audit" {
		return ""
	}
	for _, note := range notes {
		message, found := strings.CutSuffix(f.Message, " ("+note.Reason+")")
		if found && note.Rule == f.Rule && note.Path == f.Path {
			return oneLine(fmt.Sprintf("%s %s (%s)", message, f.Fix, note.Reason))
		}
	}
	return oneLine(f.Message + " " + f.Fix)
}

func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }

func sorted(told []string) []string {
	slices.Sort(told)
	return told
}

func skips(skipped []note) []string {
	var told []string
	for _, skip := range skipped {
		told = append(told, fmt.Sprintf("skip %s: %s", skip.Rule, skip.Reason))
	}
	return sorted(told)
}
