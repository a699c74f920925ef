package main

import (
	"fmt"
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
			fmt.Fprintln(table, "RULE\tBASELINE\tSTRICT\tTITLE")
			for _, entry := range rules.All {
				fmt.Fprintf(table, "%s\t%s\t%s\t%s\n", entry.ID, entry.Baseline, entry.Strict, entry.Title())
			}
			return table.Flush()
		},
	}
}
