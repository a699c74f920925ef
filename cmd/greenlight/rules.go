package main

import (
	"encoding/json"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"greenlight.dev/greenlight/api/v1alpha1"
	"greenlight.dev/greenlight/rules"
)

// ruleFormats are the ways to print the list of rules, by their names.
var ruleFormats = map[string]func(io.Writer, []rules.Entry) error{
	"table": rulesTable, "json": rulesJSON, "markdown": rulesMarkdown,
}

func newRulesCommand() *cobra.Command {
	var output string
	cmd := &cobra.Command{
		Use:   "rules",
		Short: "List every rule with its mode in each profile",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			write, known := ruleFormats[output]
			if !known {
				return fmt.Errorf("--output is %q: want table, json or markdown", output)
			}
			return write(cmd.OutOrStdout(), rules.All)
		},
	}
	cmd.Flags().StringVarP(&output, "output", "o", "table", "`FORMAT` to print: table, json or markdown")
	return cmd
}

func rulesTable(w io.Writer, entries []rules.Entry) error {
	// The table keeps its first error for Flush.
	table := newTable(w)
	fmt.Fprintln(table, "RULE\tBASELINE\tSTRICT\tTITLE")
	for _, entry := range entries {
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\n", entry.ID, entry.Baseline, entry.Strict, entry.Title())
	}
	return table.Flush()
}

// rulesJSON prints a form that does not change.
func rulesJSON(w io.Writer, entries []rules.Entry) error {
	type rule struct {
		ID       string        `json:"id"`
		Title    string        `json:"title"`
		Judges   []string      `json:"judges"`
		Baseline v1alpha1.Mode `json:"baseline"`
		Strict   v1alpha1.Mode `json:"strict"`
		URL      string        `json:"url"`
	}
	list := struct {
		APIVersion string `json:"apiVersion"`
		Kind       string `json:"kind"`
		Rules      []rule `json:"rules"`
	}{APIVersion: v1alpha1.GroupVersion.String(), Kind: "RuleList"}
	for _, entry := range entries {
		judged := make([]string, len(entry.Kinds))
		for i, kind := range entry.Kinds {
			judged[i] = kind.Kind
		}
		list.Rules = append(list.Rules, rule{entry.ID, entry.Title(), judged, entry.Baseline, entry.Strict, rules.URL(entry.ID)})
	}
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	return encoder.Encode(list)
}

func rulesMarkdown(w io.Writer, entries []rules.Entry) error {
	text := "| rule | what it finds | baseline | strict |\n| --- | --- | --- | --- |\n"
	for _, entry := range entries {
		text += fmt.Sprintf("| [%s](%s) | %s | %s | %s |\n", entry.ID, rules.URL(entry.ID), entry.Title(), entry.Baseline, entry.Strict)
	}
	_, err := io.WriteString(w, text)
	return err
}
