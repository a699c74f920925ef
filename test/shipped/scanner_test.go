package shipped

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	appsv1 "k8s.io/api/apps/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"greenlight.dev/greenlight/report"
	"greenlight.dev/greenlight/test/cluster"
	"greenlight.dev/greenlight/test/fixture"
	"greenlight.dev/greenlight/test/install"
)

// scansAsInstalled runs the scanner with what its Deployment says, and with its ServiceAccount, because its pod is
// only simulated. Where a namespace has one Deployment, there is one report then.
func scansAsInstalled(t *testing.T, u *fixture.Unguarded, namespace string) {
	root, err := cluster.Root()
	if err != nil {
		t.Fatal(err)
	}
	program := filepath.Join(root, "..", "bin", install.Webhook)
	scanner, err := install.NewScanner(t.Context(), u.Cluster, program, "scanner", scannerFlags(t)...)
	if err != nil {
		t.Fatal(err)
	}
	if ready := scanner.Ready(t.Context()); ready == nil {
		t.Error("it is ready, with nowhere to report")
	}
	kubectl(t, u, "apply", "--server-side", "-f", filepath.Join(module(t, "github.com/openreports/reports-api"), "config", "crd"))
	poll(t, "the report", func(ctx context.Context) error {
		reports := &unstructured.UnstructuredList{}
		reports.SetGroupVersionKind(report.OpenReports.Kind)
		err := u.Client.List(ctx, reports, client.InNamespace(namespace))
		if err == nil && len(reports.Items) != 1 {
			return fmt.Errorf("%d reports", len(reports.Items))
		}
		return err
	})
	poll(t, "a scanner that is ready", scanner.Ready)
	if err := scanner.Stop(); err != nil {
		t.Error(err)
	}
}

// scannerFlags are the flags of the Deployment's scanner.
func scannerFlags(t *testing.T) []string {
	t.Helper()
	var deployment appsv1.Deployment
	find(t, render(t, "default"), "Deployment", "greenlight-scanner", &deployment)
	args := deployment.Spec.Template.Spec.Containers[0].Args
	if len(args) == 0 || args[0] != "scan" {
		t.Fatalf("the Deployment runs %v", args)
	}
	var flags []string
	for _, flag := range args[1:] {
		flags = append(flags, strings.ReplaceAll(flag, "$(NAMESPACE)", deployment.Namespace))
	}
	return flags
}

func TestTheScannerKeepsWithinItsMemory(t *testing.T) {
	var deployment appsv1.Deployment
	find(t, render(t, "default"), "Deployment", "greenlight-scanner", &deployment)
	resources := deployment.Spec.Template.Spec.Containers[0].Resources
	if requested, limit := resources.Requests.Memory(), resources.Limits.Memory(); requested.Value()*100 > limit.Value()*90 {
		t.Errorf("the collector keeps within %s, the limit is %s: want a tenth of room", requested, limit)
	}
}
