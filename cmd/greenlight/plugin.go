package main

import (
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"
)

// nameAsPlugin has the help say kubectl greenlight where the program runs as that plugin: kubectl finds it
// as kubectl-greenlight, which is a link to greenlight.
func nameAsPlugin(root *cobra.Command, program string) {
	name := strings.TrimSuffix(filepath.Base(program), ".exe")
	if plugin, ok := strings.CutPrefix(name, "kubectl-"); ok {
		root.Annotations = map[string]string{cobra.CommandDisplayNameAnnotation: "kubectl " + plugin}
	}
}
