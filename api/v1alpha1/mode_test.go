package v1alpha1_test

import (
	"testing"

	"greenlight.dev/greenlight/api/v1alpha1"
)

func TestAtMostIsTheLaxerMode(t *testing.T) {
	tests := []struct{ mode, limit, want v1alpha1.Mode }{
		{v1alpha1.Deny, "", v1alpha1.Deny},
		{v1alpha1.Deny, v1alpha1.Deny, v1alpha1.Deny},
		{v1alpha1.Deny, v1alpha1.Warn, v1alpha1.Warn},
		{v1alpha1.Deny, v1alpha1.Off, v1alpha1.Off},
		{v1alpha1.Warn, v1alpha1.Deny, v1alpha1.Warn},
		{v1alpha1.Warn, v1alpha1.Audit, v1alpha1.Audit},
		{v1alpha1.Audit, v1alpha1.Warn, v1alpha1.Audit},
		{v1alpha1.Off, v1alpha1.Deny, v1alpha1.Off},
	}
	for _, test := range tests {
		t.Run(string(test.mode+" at most "+test.limit), func(t *testing.T) {
			if got := test.mode.AtMost(test.limit); got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
}
