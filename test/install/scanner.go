package install

import (
	"context"
	"os"
	"path/filepath"

	"golang.org/x/sys/unix"

	"greenlight.dev/greenlight/test/cluster"
)

// scannerAccount is the ServiceAccount of a scanner.
const scannerAccount = "greenlight-scanner"

// Scanner is a process that reports on a cluster with the permissions that are shipped.
type Scanner struct {
	cluster         *cluster.Cluster
	name, program   string
	kubeconfig      string
	flags           []string
	health, metrics int
}

// Scanner runs a scanner on the cluster of the installation.
func (i *Installation) Scanner(ctx context.Context, name string, flags ...string) (*Scanner, error) {
	return NewScanner(ctx, i.cluster, i.process.program, name, flags...)
}

// NewScanner runs a scanner on a cluster on which its ServiceAccount is installed. It returns once it is alive,
// for ready it may never be.
func NewScanner(ctx context.Context, c *cluster.Cluster, program, name string, flags ...string) (*Scanner, error) {
	s := &Scanner{cluster: c, name: name, program: program, flags: flags}
	folder := filepath.Join(c.Dir(), name)
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, err
	}
	s.kubeconfig = filepath.Join(folder, "kubeconfig")
	if err := writeKubeconfig(ctx, c.Config(), scannerAccount, s.kubeconfig); err != nil {
		return nil, err
	}
	return s, cluster.OnFreePorts(2, func(ports []int) error {
		s.health, s.metrics = ports[0], ports[1]
		return s.Restart(ctx)
	})
}

// Restart ends the scanner, and runs it anew.
func (s *Scanner) Restart(ctx context.Context) error {
	args := append([]string{
		"scan", "--kubeconfig", s.kubeconfig, "--health-address", local(s.health), "--metrics-address", local(s.metrics),
	}, s.flags...)
	if err := s.cluster.Run(s.name, s.program, args...); err != nil {
		return err
	}
	return s.cluster.Wait(ctx, s.name, func(ctx context.Context) error { return probe(ctx, s.health, "/livez") })
}

// Kill ends the scanner without a warning.
func (s *Scanner) Kill() error {
	if err := s.cluster.Signal(s.name, unix.SIGKILL); err != nil {
		return err
	}
	return s.Stop()
}

// Stop ends the scanner, which hands over to another one that waits.
func (s *Scanner) Stop() error { return s.cluster.End(s.name) }

// Ready says why the scanner is not ready: nil while it is.
func (s *Scanner) Ready(ctx context.Context) error { return probe(ctx, s.health, "/readyz/reports") }

// Count returns the sum of a metric of the scanner over the series that have these labels.
func (s *Scanner) Count(ctx context.Context, metric string, labels map[string]string) (float64, error) {
	return sum(ctx, s.metrics, metric, labels)
}
