package main

import (
	"fmt"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"greenlight.dev/greenlight/rules"
)

func newRulesCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "rules",
		Short: "List every rule with its mode in each profile",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			table := tabwriter.NewWriter(cmd.OutOrStdout(), 0, 0, 2, ' ', 0)
			lines := []string{"RULE\tBASELINE\tSTRICT\tTITLE"}
			for _, entry := range rules.All {
				lines = append(lines, fmt.Sprintf("%s\t%s\t%s\t%s", entry.ID, entry.Baseline, entry.Strict, entry.Title()))
			}
			// The writer keeps its first error for Flush.
			_, _ = fmt.Fprintln(table, strings.Join(lines, "\n"))
			return table.Flush()
		},
	}
}
