// Command greenlight is the command line: it lists and explains the rules.
package main

import (
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"greenlight.dev/greenlight/internal/version"
)

func main() {
	if err := newCommand().Execute(); err != nil {
		fmt.Fprintln(os.Stderr, "greenlight:", err)
		os.Exit(2)
	}
}

func newCommand() *cobra.Command {
	root := &cobra.Command{
		Use:           "greenlight",
		Short:         "Guards Kubernetes rollouts, so that none takes a service down",
		SilenceUsage:  true,
		SilenceErrors: true,
	}
	root.AddCommand(newRulesCommand(), newExplainCommand(), version.NewCommand())
	return root
}
