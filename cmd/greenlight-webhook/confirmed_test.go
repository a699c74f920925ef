package main

import (
	"testing"
	"time"
)

func TestPoliciesAreAsOldAsTheirLastConfirmation(t *testing.T) {
	for name, test := range map[string]struct {
		at   time.Time
		want float64
	}{
		"before the first time":  {time.Time{}, 0},
		"since they were looked": {time.Unix(1700000000, 5), 1700000000},
	} {
		t.Run(name, func(t *testing.T) {
			if got := value(t, newPoliciesConfirmed(func() time.Time { return test.at })); got != test.want {
				t.Errorf("got %v, want %v", got, test.want)
			}
		})
	}
}
