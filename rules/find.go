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
	nearest := slices.MinFunc(ids, func(a, b string) int {
		return levenshtein.ComputeDistance(id, a) - levenshtein.ComputeDistance(id, b)
	})
	return Entry{}, fmt.Errorf("there is no rule %q; the nearest is %q (all: %s)", id, nearest, strings.Join(ids, ", "))
}

// Title returns the first line of the rule's doc.
func (r *Rule) Title() string {
	title, _, _ := strings.Cut(strings.TrimPrefix(r.Doc, "# "), "\n")
	return title
}
