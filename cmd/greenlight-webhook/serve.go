package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"greenlight.dev/greenlight/internal/tracing"
)

// serveOptions are the flags of serve.
type serveOptions struct {
	kubeconfig, host, certDir, policy string
	namespace                         string
	selfSigned                        bool
	port                              int
	metricsAddress, healthAddress     string
	drain                             time.Duration
}

func newServeCommand() *cobra.Command {
	var o serveOptions
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Serve admission reviews until SIGTERM",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			ctx, stop := untilSignal(cmd.Context())
			defer stop()
			return serve(ctx, o)
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&o.kubeconfig, "kubeconfig", "", "file to reach the API server with; in a pod its own access without it")
	flags.StringVar(&o.policy, "policy", "", "file of a RolloutPolicy, read in place of those of the cluster")
	flags.StringVar(&o.namespace, "namespace", "greenlight-system", "Greenlight's own namespace, in which changes are announced between replicas")
	flags.StringVar(&o.certDir, "cert-dir", "/etc/greenlight/tls", "folder of tls.crt and tls.key; they are read again when they change")
	flags.BoolVar(&o.selfSigned, "self-signed", false, "keep a CA and a certificate in a Secret of the namespace, and have the webhook configurations trust it")
	cmd.MarkFlagsMutuallyExclusive("cert-dir", "self-signed")
	flags.StringVar(&o.host, "host", "", "address to serve reviews on; all without it")
	flags.IntVar(&o.port, "port", 9443, "port to serve reviews on")
	flags.StringVar(&o.metricsAddress, "metrics-address", ":8080", "address to serve metrics on")
	flags.StringVar(&o.healthAddress, "health-address", ":8081", "address to serve /livez and /readyz on")
	flags.DurationVar(&o.drain, "drain", 15*time.Second, "how long reviews are still answered after SIGTERM")
	return cmd
}

// untilSignal ends the context with the first signal, which begins the drain; from then on a second one ends
// the process.
func untilSignal(ctx context.Context) (context.Context, context.CancelFunc) {
	ctx, stop := signal.NotifyContext(ctx, syscall.SIGTERM, os.Interrupt)
	context.AfterFunc(ctx, stop)
	return ctx, stop
}

func serve(ctx context.Context, o serveOptions) error {
	fixed, err := loadPolicy(o.policy)
	if err != nil {
		return err
	}
	if err := o.checkCertificates(); err != nil {
		return err
	}
	tracer, stopTracing, err := tracing.Start(ctx)
	if err != nil {
		return err
	}
	defer stopTracing()
	server, err := newServer(ctx, o, fixed, tracer)
	if err != nil {
		return explain(err)
	}
	return explain(server.run(ctx))
}

// checkCertificates tells of a missing file by the flag that is wrong.
func (o serveOptions) checkCertificates() error {
	if o.selfSigned {
		return nil
	}
	for _, name := range []string{certificateFile, keyFile} {
		if _, err := os.Stat(filepath.Join(o.certDir, name)); errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("there is no %s in %s: --cert-dir names the folder of tls.crt and tls.key", name, o.certDir)
		}
	}
	return nil
}

// explain names the flags that are wrong when an address is taken: the error says only which it is.
func explain(err error) error {
	if errors.Is(err, syscall.EADDRINUSE) {
		return fmt.Errorf("%w: choose another with --port, --metrics-address or --health-address", err)
	}
	return err
}
