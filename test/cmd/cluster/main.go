// Command cluster builds, starts and stops the developer's control plane in one folder.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := newCommand().ExecuteContext(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "cluster:", err)
		os.Exit(1)
	}
}

func newCommand() *cobra.Command {
	var dir string
	root := &cobra.Command{
		Use:           "cluster",
		Short:         "A real Kubernetes control plane on this machine, with simulated nodes",
		SilenceUsage:  true,
		SilenceErrors: true,
	}
	root.PersistentFlags().StringVar(&dir, "dir", "../.cluster", "folder of the cluster; its binaries are in DIR/bin")
	for _, verb := range []struct {
		name, short string
		run         func(context.Context, string) error
	}{
		{"build", "Build the binaries that are missing or out of date", build},
		{"up", "Start the cluster, building first what it needs", up},
		{"down", "Stop the cluster", down},
		{"status", "Tell which processes run; fails unless all do and the API server is ready", status},
	} {
		root.AddCommand(&cobra.Command{
			Use:   verb.name,
			Short: verb.short,
			Args:  cobra.NoArgs,
			RunE:  func(cmd *cobra.Command, _ []string) error { return verb.run(cmd.Context(), dir) },
		})
	}
	return root
}
