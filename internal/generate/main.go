// Command generate writes what follows from the rules and the mutators: the pages of docs/, and in
// config/ the permissions and the webhook configurations, and of config/ the chart.
package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

func main() {
	err := errors.Join(
		writePages("rules", filepath.Join("docs", "rules")),
		writeInjection(filepath.Join("docs", "injection.md")),
		writeClusterRole(filepath.Join("config", "rbac", "cluster-role.yaml"), webhookRole),
		writeClusterRole(filepath.Join("config", "rbac", "scanner-cluster-role.yaml"), scannerRole),
		writeWebhooks("config"),
		writeAuditOnly(filepath.Join("config", "overlays", "audit-only", "policy.yaml")),
		writeProfiles(filepath.Join("config", "crd", "greenlight.dev_rolloutpolicies.yaml")),
		// The last, since it is written from the others.
		writeChart("config", filepath.Join("charts", "greenlight", "templates")),
	)
	if err != nil {
		fmt.Fprintln(os.Stderr, "generate:", err)
		os.Exit(1)
	}
}
