// Command demo walks through a guarded blue/green release on a real cluster, and checks each thing
// that it shows.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"

	"github.com/spf13/cobra"

	"greenlight.dev/greenlight/test/cluster"
	"greenlight.dev/greenlight/test/install"
)

const nodes = 3

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := newCommand().ExecuteContext(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "\ndemo:", err)
		os.Exit(1)
	}
}

func newCommand() *cobra.Command {
	var dir, repository string
	cmd := &cobra.Command{
		Use:           "demo",
		Short:         "Walk through a guarded blue/green release on a real cluster",
		Args:          cobra.NoArgs,
		SilenceUsage:  true,
		SilenceErrors: true,
		RunE:          func(cmd *cobra.Command, _ []string) error { return run(cmd.Context(), dir, repository) },
	}
	cmd.Flags().StringVar(&dir, "dir", "../.cluster", "folder of the cluster; its binaries are in DIR/bin")
	cmd.Flags().StringVar(&repository, "repository", "..", "folder that holds config/ and bin/")
	return cmd
}

func run(ctx context.Context, dir, repository string) error {
	binaries := filepath.Join(dir, "bin")
	fmt.Println("Starting etcd, the API server, the controllers, the scheduler and three simulated nodes…")
	c, err := cluster.Start(ctx, cluster.Options{Dir: dir, Binaries: binaries, Nodes: nodes, Detached: true})
	if err != nil {
		return err
	}
	fmt.Println("Installing Greenlight from config/…")
	if _, err := install.Install(ctx, c, install.Options{Repository: repository}); err != nil {
		return err
	}
	s := newShell(ctx, repository, binaries, c.Kubeconfig())
	for number, step := range script {
		s.heading(number+1, step)
		for _, act := range step.actions {
			if err := act(s); err != nil {
				return fmt.Errorf("step %d, %q: %w", number+1, step.title, err)
			}
		}
	}
	s.farewell(c.Kubeconfig(), binaries)
	return nil
}
