// Command install puts Greenlight on the developer's cluster, which is running.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"greenlight.dev/greenlight/test/cluster"
	"greenlight.dev/greenlight/test/install"
)

func main() {
	dir := flag.String("dir", "../.cluster", "folder of the cluster")
	repository := flag.String("repository", "..", "folder that holds config/ and bin/")
	policy := flag.String("policy", "", "file of a RolloutPolicy; the built-in baseline without it")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, *dir, install.Options{Repository: *repository, Policy: *policy}); err != nil {
		fmt.Fprintln(os.Stderr, "install:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, dir string, o install.Options) error {
	c, err := cluster.Open(dir)
	if err != nil {
		return err
	}
	if _, err := install.Install(ctx, c, o); err != nil {
		return err
	}
	fmt.Println("Greenlight guards the cluster.")
	return nil
}
