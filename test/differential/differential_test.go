package differential

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	gocmp "github.com/google/go-cmp/cmp"
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
)

var _ = Describe("greenlight check --cluster", func() {
	It("finds what the webhook finds", func() {
		counts := map[string]*count{}
		var different []string
		for _, s := range compared {
			if counts[s.origin] == nil {
				counts[s.origin] = &count{}
			}
			counts[s.origin].add(s)
			if difference := s.difference(); difference != "" {
				different = append(different, fmt.Sprintf("%s\n%s", s, difference))
			}
		}
		for _, origin := range slices.Sorted(maps.Keys(counts)) {
			count := counts[origin]
			fmt.Printf("%s: %s\n", origin, count)
			Expect(count.asked).NotTo(BeZero(), origin)
			Expect(count.findings).NotTo(BeZero(), origin)
			Expect(count.denied).NotTo(BeZero(), origin)
		}
		Expect(different).To(BeEmpty(), "%d situations; try them again with -seed %d\n%s", len(different), *seed, strings.Join(different, "\n"))
	})
})

// count is how many situations there were.
type count struct{ created, updated, refused, asked, denied, findings int }

func (c *count) add(s *situation) {
	if s.updates() {
		c.updated++
	} else {
		c.created++
	}
	switch {
	case s.refused != "":
		c.refused++
	case s.webhook.audit.asked:
		c.asked++
		c.findings += len(s.webhook.audit.findings)
	}
	if s.webhook.denied {
		c.denied++
	}
}

// String tells how many objects were compared.
func (c *count) String() string {
	return fmt.Sprintf("%d objects are created and %d updated; the API server refuses %d as invalid and asks the webhook about %d; both find %d faults and deny %d",
		c.created, c.updated, c.refused, c.asked, c.findings, c.denied)
}

// difference is what only one of the two says: empty where they agree.
func (s *situation) difference() string {
	switch {
	case s.refused != "":
		return ""
	case s.webhook.audit.failed != "":
		return "the webhook did not answer: " + s.webhook.audit.failed
	case len(s.checked.errors) > 0:
		return "check does not judge what the API server takes:" + strings.Join(s.checked.errors, "")
	case !s.webhook.audit.asked:
		return s.checked.denials()
	}
	return gocmp.Diff(s.webhook.tell(), s.checked.tell(s.webhook.audit.findings))
}

// denials are what check denies although the API server does not even ask the webhook.
func (j judgement) denials() string {
	var text strings.Builder
	for _, found := range j.findings {
		if found.Mode == "deny" {
			fmt.Fprintf(&text, "check denies what the webhook is not asked about: %+v\n", found)
		}
	}
	return text.String()
}
