// Command floor serves what Greenlight is measured against over the same TLS: an answer that never changes, and
// one that controller-runtime's stock handler makes, with a patch.
package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"

	"github.com/go-logr/logr"
	"github.com/spf13/cobra"
	"sigs.k8s.io/controller-runtime/pkg/log"
)

// headerLimit is for a client to send the headers of a review.
const headerLimit = 10 * time.Second

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := newCommand().ExecuteContext(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "floor:", err)
		os.Exit(1)
	}
}

func newCommand() *cobra.Command {
	var address, certDir string
	cmd := &cobra.Command{
		Use:           "floor",
		Short:         "Serve /constant and /stock until SIGTERM",
		Args:          cobra.NoArgs,
		SilenceUsage:  true,
		SilenceErrors: true,
		RunE:          func(cmd *cobra.Command, _ []string) error { return serve(cmd.Context(), address, certDir) },
	}
	cmd.Flags().StringVar(&address, "address", "127.0.0.1:9443", "address to serve on")
	cmd.Flags().StringVar(&certDir, "cert-dir", ".", "folder of tls.crt and tls.key")
	return cmd
}

func serve(ctx context.Context, address, certDir string) error {
	log.SetLogger(logr.Discard())
	stock, err := newStock()
	if err != nil {
		return err
	}
	mux := http.NewServeMux()
	mux.HandleFunc("/constant", constant)
	mux.Handle("/stock", stock)
	server := &http.Server{Addr: address, Handler: mux, ReadHeaderTimeout: headerLimit}
	defer context.AfterFunc(ctx, func() { _ = server.Close() })()
	err = server.ListenAndServeTLS(filepath.Join(certDir, "tls.crt"), filepath.Join(certDir, "tls.key"))
	if errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return err
}
