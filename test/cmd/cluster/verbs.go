package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"

	"greenlight.dev/greenlight/test/cluster"
)

// nodeCount is enough to spread three replicas.
const nodeCount = 3

func binaries(dir string) string { return filepath.Join(dir, "bin") }

func build(ctx context.Context, dir string) error {
	return cluster.Build(ctx, binaries(dir), os.Stderr)
}

func up(ctx context.Context, dir string) error {
	if err := build(ctx, dir); err != nil {
		return err
	}
	c, err := cluster.Start(ctx, cluster.Options{Dir: dir, Binaries: binaries(dir), Nodes: nodeCount, Detached: true})
	if err != nil {
		return err
	}
	if c.Reused() {
		fmt.Println("The cluster is already running.")
	}
	if err := listNodes(ctx, dir, c); err != nil {
		return err
	}
	fmt.Printf("export KUBECONFIG=%s\n", c.Kubeconfig())
	return nil
}

func listNodes(ctx context.Context, dir string, c *cluster.Cluster) error {
	kubectl := exec.CommandContext(ctx, filepath.Join(binaries(dir), "kubectl"), "--kubeconfig", c.Kubeconfig(), "get", "nodes")
	kubectl.Stdout, kubectl.Stderr = os.Stdout, os.Stderr
	return kubectl.Run()
}

func down(_ context.Context, dir string) error {
	c, err := cluster.Open(dir)
	if errors.Is(err, cluster.ErrNotRunning) {
		fmt.Println("No cluster is running.")
		return nil
	}
	if err != nil {
		return err
	}
	processes := c.Processes()
	if err := c.Stop(); err != nil {
		return err
	}
	for _, p := range processes {
		if p.Alive {
			fmt.Printf("Ended %s (pid %d).\n", p.Name, p.PID)
		}
	}
	return nil
}

func status(ctx context.Context, dir string) error {
	c, err := cluster.Open(dir)
	if err != nil {
		return err
	}
	for _, p := range c.Processes() {
		state := "ended"
		if p.Alive {
			state = "running"
		}
		fmt.Printf("%-25s pid %-8d %s\n", p.Name, p.PID, state)
	}
	return c.Check(ctx)
}
