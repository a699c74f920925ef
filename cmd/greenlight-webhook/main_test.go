package main

import (
	"io"
	"strings"
	"testing"

	"github.com/go-logr/logr"
)

func TestTheVerbositySaysWhatIsLogged(t *testing.T) {
	for flags, want := range map[string]bool{"": false, "--verbosity=0": false, "--verbosity=1": true} {
		var output strings.Builder
		var logger logr.Logger
		command := newCommand(func(set logr.Logger) { logger = set })
		command.SetOut(io.Discard)
		command.SetErr(&output)
		command.SetArgs(append([]string{"version"}, strings.Fields(flags)...))
		if err := command.Execute(); err != nil {
			t.Fatal(err)
		}
		logger.Info("denied")
		logger.V(1).Info("allowed")
		if got := output.String(); !strings.Contains(got, "denied") || strings.Contains(got, "allowed") != want {
			t.Errorf("%q: the log is %q, want allowed in it to be %v", flags, got, want)
		}
	}
}
