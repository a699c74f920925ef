package rules_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/util/validation/field"

	"greenlight.dev/greenlight/rules"
)

func TestAUserThatMayLowerReplicasHasAName(t *testing.T) {
	for user, want := range map[string]string{
		"system:serviceaccount:keda:keda-operator": "",
		"":  "spec.params.users[1]: Required value: name a user, for example system:serviceaccount:keda:keda-operator",
		" ": "spec.params.users[1]: Required value: name a user, for example system:serviceaccount:keda:keda-operator",
	} {
		got := ""
		params := &rules.ReplicasResetParams{Users: []string{"someone", user}}
		if errs := params.Validate(field.NewPath("spec", "params")); len(errs) > 0 {
			got = errs.ToAggregate().Error()
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("user %q (-want +got):\n%s", user, diff)
		}
	}
}
