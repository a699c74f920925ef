// Command greenlight is the command line: it checks and fixes manifests, switches Services, lists and explains the
// rules, and prints what the scanner of a cluster reports.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"greenlight.dev/greenlight/internal/version"
)

func main() {
	root := newCommand()
	nameAsPlugin(root, os.Args[0])
	err := root.ExecuteContext(context.Background())
	if err != nil && !errors.Is(err, errFindings) && !errors.Is(err, errInput) && !errors.Is(err, errNotSwitched) {
		fmt.Fprintln(os.Stderr, "greenlight:", err)
	}
	os.Exit(exitCode(err))
}

// exitCode is 1 for findings and for a switch that is denied, and 2 for whatever else went wrong.
func exitCode(err error) int {
	switch {
	case err == nil:
		return 0
	case errors.Is(err, errFindings), errors.Is(err, errNotSwitched):
		return 1
	}
	return 2
}

func newCommand() *cobra.Command {
	root := &cobra.Command{
		Use:           "greenlight",
		Short:         "Guards Kubernetes rollouts, so that none takes a service down",
		SilenceUsage:  true,
		SilenceErrors: true,
	}
	root.AddCommand(newCheckCommand(), newSwitchCommand(), newFixCommand(), newRulesCommand(), newExplainCommand(), newReportCommand(), version.NewCommand())
	return root
}
