package rules_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/util/validation/field"

	"greenlight.dev/greenlight/rules"
)

func TestThePatternOfTagsIsARegularExpressionThatHasToBeGiven(t *testing.T) {
	for pattern, want := range map[string]string{
		``:               `spec.params.pattern: Required value: say which tags are allowed, for example \d+\.\d+\.\d+`,
		`v(\d+`:          "spec.params.pattern: Invalid value: \"v(\\\\d+\": error parsing regexp: missing closing ): `v(\\d+`",
		`a)|(b`:          "spec.params.pattern: Invalid value: \"a)|(b\": error parsing regexp: unexpected ): `a)|(b`",
		`[0-9a-f]{7,40}`: ``,
	} {
		got := ""
		if errs := (&rules.ImageTagFormatParams{Pattern: pattern}).Validate(field.NewPath("spec", "params")); len(errs) > 0 {
			got = errs.ToAggregate().Error()
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("pattern %q (-want +got):\n%s", pattern, diff)
		}
	}
}
