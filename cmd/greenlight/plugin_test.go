package main

import (
	"bytes"
	"strings"
	"testing"
)

func TestTheHelpNamesTheProgramAsItIsRun(t *testing.T) {
	for program, want := range map[string]string{
		"/usr/local/bin/greenlight":              "  greenlight check PATH...",
		"/home/me/.local/bin/kubectl-greenlight": "  kubectl greenlight check PATH...",
		"kubectl-greenlight.exe":                 "  kubectl greenlight check PATH...",
	} {
		var out bytes.Buffer
		root := newCommand()
		nameAsPlugin(root, program)
		root.SetOut(&out)
		root.SetArgs([]string{"check", "--help"})
		if err := root.Execute(); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(out.String(), want) {
			t.Errorf("%s: the help lacks %q:\n%s", program, want, out.String())
		}
	}
}
