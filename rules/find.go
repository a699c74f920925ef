package rules

import (
	"fmt"
	"slices"
	"strings"

	"github.com/agnivade/levenshtein"
)

// IDs returns the ids of the rules, in their order.
func IDs(entries []Entry) []string {
	ids := make([]string, len(entries))
	for i, entry := range entries {
		ids[i] = entry.ID
	}
	return ids
}

// Find returns the rule of this id. Its error names the nearest one, and lists all.
func Find(entries []Entry, id string) (Entry, error) {
	for _, entry := range entries {
		if entry.ID == id {
			return entry, nil
		}
	}
	ids := IDs(entries)
	if len(ids) == 0 {
		return Entry{}, fmt.Errorf("there is no rule %q: there are no rules at all", id)
	}
	return Entry{}, fmt.Errorf("there is no rule %q; the nearest is %q (all: %s)", id, Nearest(id, ids), strings.Join(ids, ", "))
}

// Nearest returns the one of names that takes the fewest edits to become name: empty if there is none.
func Nearest(name string, names []string) string {
	if len(names) == 0 {
		return ""
	}
	return slices.MinFunc(names, func(a, b string) int {
		return levenshtein.ComputeDistance(name, a) - levenshtein.ComputeDistance(name, b)
	})
}

// Title returns the first line of the rule's doc.
func (r *Rule) Title() string {
	title, _, _ := strings.Cut(strings.TrimPrefix(r.Doc, "# "), "\n")
	return title
}
