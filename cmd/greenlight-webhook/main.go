// Command greenlight-webhook is what runs in a cluster: it answers the admission reviews of the API server,
// and as a process of its own it reports on what already runs.
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
		Short:         "Guards a cluster: answers admission reviews, and reports on what already runs",
		SilenceUsage:  true,
		SilenceErrors: true,
	}
	root.AddCommand(newServeCommand(), newScanCommand(), version.NewCommand())
	return root
}
