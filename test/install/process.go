package install

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strconv"

	"k8s.io/client-go/util/cert"

	"greenlight.dev/greenlight/test/cluster"
)

// portCount is for reviews, health and metrics.
const portCount = 3

// process is where the webhook runs and what it runs with.
type process struct {
	name, program, policy string
	flags                 []string
	folder                string
	port, health, metrics int
	// authority is what whoever asks the webhook trusts, as PEM.
	authority []byte
}

// prepare makes a folder with a certificate for 127.0.0.1 and the ServiceAccount's kubeconfig.
func (p *process) prepare(ctx context.Context, c *cluster.Cluster) error {
	p.folder = filepath.Join(c.Dir(), p.name)
	if err := os.MkdirAll(p.folder, 0o700); err != nil {
		return err
	}
	certificate, key, err := cert.GenerateSelfSignedCertKey("127.0.0.1", []net.IP{net.IPv4(127, 0, 0, 1)}, nil)
	if err != nil {
		return fmt.Errorf("making a certificate for the webhook: %w", err)
	}
	p.authority = certificate
	for name, content := range map[string][]byte{"tls.crt": certificate, "tls.key": key} {
		if err := os.WriteFile(filepath.Join(p.folder, name), content, 0o600); err != nil {
			return err
		}
	}
	return writeKubeconfig(ctx, c.Config(), Webhook, p.kubeconfig())
}

func (p process) kubeconfig() string { return filepath.Join(p.folder, "kubeconfig") }

func (p process) args() []string {
	args := []string{
		"serve",
		"--kubeconfig", p.kubeconfig(),
		"--cert-dir", p.folder,
		"--host", "127.0.0.1",
		"--port", strconv.Itoa(p.port),
		"--health-address", local(p.health),
		"--metrics-address", local(p.metrics),
	}
	if p.policy != "" {
		args = append(args, "--policy", p.policy)
	}
	return append(args, p.flags...)
}

func (p process) ready(ctx context.Context) error { return probe(ctx, p.health, "/readyz") }

// probe asks a process for its health.
func probe(ctx context.Context, port int, path string) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+local(port)+path, nil)
	if err != nil {
		return err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		return err
	}
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("%s answers %s: %s", path, response.Status, body)
	}
	return nil
}

func local(port int) string { return net.JoinHostPort("127.0.0.1", strconv.Itoa(port)) }
