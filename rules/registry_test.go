package rules_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"greenlight.dev/greenlight/api/v1alpha1"
	"greenlight.dev/greenlight/rules"
)

func TestEveryRuleHasAnIDOfItsOwnInKebabCase(t *testing.T) {
	seen := map[string]bool{}
	for _, entry := range rules.All {
		if !regexp.MustCompile(`^[a-z]+(-[a-z]+)+$`).MatchString(entry.ID) {
			t.Errorf("rule %q: the id is not kebab-case", entry.ID)
		}
		if seen[entry.ID] {
			t.Errorf("rule %q is registered twice", entry.ID)
		}
		seen[entry.ID] = true
	}
}

func TestEveryRuleHasAModeInEveryProfile(t *testing.T) {
	for _, entry := range rules.All {
		for _, profile := range v1alpha1.Profiles {
			if !slices.Contains(v1alpha1.Modes, entry.Mode(profile)) {
				t.Errorf("rule %s: mode %q in profile %s is not a mode", entry.ID, entry.Mode(profile), profile)
			}
		}
	}
}

func TestStrictIsNeverLaxerThanBaseline(t *testing.T) {
	for _, entry := range rules.All {
		if entry.Strict.AtMost(entry.Baseline) != entry.Baseline {
			t.Errorf("rule %s: strict %s is laxer than baseline %s", entry.ID, entry.Strict, entry.Baseline)
		}
	}
}

func TestEveryRuleSaysWhyWhatIsWrongWhatIsRightAndHowToFixIt(t *testing.T) {
	for _, entry := range rules.All {
		for _, part := range []string{"# ", "\n## Wrong\n", "\n## Right\n", "\n## How to fix it\n"} {
			if !strings.Contains(entry.Doc, part) {
				t.Errorf("rule %s: the doc has no %q", entry.ID, strings.TrimSpace(part))
			}
		}
		if !strings.HasPrefix(entry.Doc, "# ") {
			t.Errorf("rule %s: the doc does not begin with a title", entry.ID)
		}
	}
}

// A rule that never fires, or always, is no rule.
func TestEveryRuleHasAFailingAndAPassingCase(t *testing.T) {
	for _, entry := range rules.All {
		failing, passing := 0, 0
		for _, path := range cases(t, entry.ID) {
			verdict := readCase(t, path).judge(t, entry)
			switch {
			case len(verdict.Findings) > 0:
				failing++
			case len(verdict.Skipped) == 0:
				passing++
			}
		}
		if failing == 0 || passing == 0 {
			t.Errorf("rule %s has %d failing and %d passing cases in testdata/%s: it needs one of each", entry.ID, failing, passing, entry.ID)
		}
	}
}

func TestEveryFolderOfCasesBelongsToARule(t *testing.T) {
	folders, err := os.ReadDir("testdata")
	if err != nil {
		t.Fatal(err)
	}
	for _, folder := range folders {
		known := func(entry rules.Entry) bool { return entry.ID == folder.Name() }
		if !slices.ContainsFunc(rules.All, known) {
			t.Errorf("%s holds cases of a rule that is not registered", filepath.Join("testdata", folder.Name()))
		}
	}
}

func TestNoRuleChangesWhatItJudges(t *testing.T) {
	for _, entry := range rules.All {
		for _, path := range cases(t, entry.ID) {
			c := readCase(t, path)
			request := c.request(t, entry)
			before := request.Object.DeepCopyObject()
			c.run(t, entry, request)
			if diff := cmp.Diff(before, request.Object); diff != "" {
				t.Errorf("rule %s changed the object of %s:\n%s", entry.ID, path, diff)
			}
		}
	}
}

func TestEveryFindingEndsItsSentencesAndNamesItsField(t *testing.T) {
	for _, entry := range rules.All {
		for _, path := range cases(t, entry.ID) {
			for _, finding := range readCase(t, path).judge(t, entry).Findings {
				if !strings.HasSuffix(finding.Message, ".") || !strings.HasSuffix(finding.Fix, ".") || finding.Path == nil {
					t.Errorf("rule %s in %s: path %v, message %q, fix %q", entry.ID, path, finding.Path, finding.Message, finding.Fix)
				}
			}
		}
	}
}
