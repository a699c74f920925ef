// Command greenlight-webhook answers the admission reviews of a Kubernetes API server.
package main

import (
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"greenlight.dev/greenlight/internal/version"
)

func main() {
	if err := newCommand().Execute(); err != nil {
		fmt.Fprintln(os.Stderr, "greenlight-webhook:", err)
		os.Exit(1)
	}
}

func newCommand() *cobra.Command {
	root := &cobra.Command{
		Use:           "greenlight-webhook",
		Short:         "Answers the admission reviews of a Kubernetes API server",
		Version:       version.String(),
		SilenceUsage:  true,
		SilenceErrors: true,
	}
	root.AddCommand(newServeCommand(), version.NewCommand())
	return root
}
