package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"greenlight.dev/greenlight/rules"
)

func newExplainCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "explain RULE",
		Short: "Say why a rule is there, what it denies and how to fix it",
		Args:  cobra.ExactArgs(1),
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			return rules.IDs(rules.All), cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			entry, err := rules.Find(rules.All, args[0])
			if err != nil {
				return err
			}
			_, err = fmt.Fprint(cmd.OutOrStdout(), entry.Doc)
			return err
		},
	}
}
