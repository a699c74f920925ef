package rules_test

import (
	"testing"

	"greenlight.dev/greenlight/rules"
)

func TestFindNamesTheNearestRule(t *testing.T) {
	entries := []rules.Entry{{Rule: &rules.Rule{ID: "missing-prestop"}}, {Rule: &rules.Rule{ID: "single-replica"}}}
	if entry, err := rules.Find(entries, "single-replica"); err != nil || entry.ID != "single-replica" {
		t.Errorf("got %v, %v", entry, err)
	}
	tests := map[string]struct {
		entries []rules.Entry
		want    string
	}{
		"among several": {entries, `there is no rule "single-replicas"; the nearest is "single-replica" (all: missing-prestop, single-replica)`},
		"among none":    {nil, `there is no rule "single-replicas": there are no rules at all`},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			if _, err := rules.Find(test.entries, "single-replicas"); err == nil || err.Error() != test.want {
				t.Errorf("got %v, want %s", err, test.want)
			}
		})
	}
}
