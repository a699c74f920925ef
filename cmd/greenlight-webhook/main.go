// Command greenlight-webhook is what runs in a cluster: it answers the admission reviews of the API server,
// and as a process of its own it reports on what already runs.
package main

import (
	"fmt"
	"io"
	"os"

	"github.com/go-logr/logr"
	"github.com/spf13/cobra"
	"k8s.io/klog/v2/textlogger"
	"sigs.k8s.io/controller-runtime/pkg/log"

	"greenlight.dev/greenlight/internal/version"
)

func main() {
	if err := newCommand(log.SetLogger).Execute(); err != nil {
		fmt.Fprintln(os.Stderr, "greenlight-webhook:", err)
		os.Exit(1)
	}
}

// newCommand returns the command, which hands over its logger before it does anything else.
func newCommand(setLogger func(logr.Logger)) *cobra.Command {
	var verbosity int
	root := &cobra.Command{
		Use:           "greenlight-webhook",
		Short:         "Guards a cluster: answers admission reviews, and reports on what already runs",
		SilenceUsage:  true,
		SilenceErrors: true,
		PersistentPreRun: func(cmd *cobra.Command, _ []string) {
			setLogger(newLogger(verbosity, cmd.ErrOrStderr()))
		},
	}
	root.PersistentFlags().IntVar(&verbosity, "verbosity", 0, "what is logged: 0 for what someone should know of, 1 also for each review that is allowed and each patch")
	root.AddCommand(newServeCommand(), newScanCommand(), version.NewCommand())
	return root
}

// newLogger returns one that writes lines as Kubernetes' own components do.
func newLogger(verbosity int, output io.Writer) logr.Logger {
	return textlogger.NewLogger(textlogger.NewConfig(textlogger.Verbosity(verbosity), textlogger.Output(output)))
}
