// Command install puts Greenlight on the developer's cluster, which is running.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"

	"greenlight.dev/greenlight/test/cluster"
	"greenlight.dev/greenlight/test/install"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := newCommand().ExecuteContext(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "install:", err)
		os.Exit(1)
	}
}

func newCommand() *cobra.Command {
	var dir, repository string
	cmd := &cobra.Command{
		Use:           "install",
		Short:         "Put Greenlight on the cluster that runs in a folder",
		Args:          cobra.NoArgs,
		SilenceUsage:  true,
		SilenceErrors: true,
		RunE:          func(cmd *cobra.Command, _ []string) error { return run(cmd.Context(), dir, repository) },
	}
	cmd.Flags().StringVar(&dir, "dir", "../.cluster", "folder of the cluster")
	cmd.Flags().StringVar(&repository, "repository", "..", "folder that holds config/ and bin/")
	return cmd
}

func run(ctx context.Context, dir, repository string) error {
	c, err := cluster.Open(dir)
	if err != nil {
		return err
	}
	if _, err := install.Install(ctx, c, install.Options{Repository: repository}); err != nil {
		return err
	}
	fmt.Println("Greenlight guards the cluster.")
	return nil
}
