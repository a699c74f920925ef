package install

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/yaml"
)

// OpenReports is the file of the CRD that reports are kept as, in the module of its types.
func OpenReports(ctx context.Context) (string, error) {
	output, err := exec.CommandContext(ctx, "go", "list", "-m", "-f", "{{.Dir}}", "github.com/openreports/reports-api").Output()
	if err != nil {
		return "", fmt.Errorf("finding the module of OpenReports: %w", err)
	}
	return filepath.Join(strings.TrimSpace(string(output)), "config", "crd", "openreports.io_reports.yaml"), nil
}

// CRD applies the CRD of a file, and waits until its kind is served.
func CRD(ctx context.Context, admin client.Client, file string) error {
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	object := &unstructured.Unstructured{}
	if err := yaml.Unmarshal(text, &object.Object); err != nil {
		return fmt.Errorf("reading %s: %w", file, err)
	}
	crds := []*unstructured.Unstructured{object}
	if err := apply(ctx, admin, crds); err != nil {
		return err
	}
	return waitEstablished(ctx, admin, crds)
}
