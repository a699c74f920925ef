package main

import (
	"context"
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"greenlight.dev/greenlight/report"
)

// reportFlags are the flags of report as they are written.
type reportFlags struct {
	kubeconfig                 kubeconfig
	output, reports, namespace string
	since                      time.Duration
}

// overviewFormats are the ways to print the state of a cluster, by their names.
var overviewFormats = map[string]func(io.Writer, report.Overview) error{
	"table": overviewTable, "json": overviewJSON, "html": overviewHTML,
}

func newReportCommand() *cobra.Command {
	var flags reportFlags
	cmd := &cobra.Command{
		Use:   "report",
		Short: "Print the state of a cluster from the reports of its scanner",
		Long: `Print the state of a cluster from the reports of its scanner: by namespace, by rule, and what is new.

What is new is what was first seen within --since. What was fixed is in no report any more: the metric
greenlight_violations has the history.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return flags.run(cmd.Context(), cmd.OutOrStdout(), cmd.ErrOrStderr())
		},
	}
	set := cmd.Flags()
	set.StringVarP(&flags.output, "output", "o", "table", "`FORMAT` to print: table, json or html")
	set.StringVarP(&flags.namespace, "namespace", "n", "", "only this `NAMESPACE`")
	set.DurationVar(&flags.since, "since", 24*time.Hour, "how long a result counts as new")
	set.StringVar(&flags.reports, "reports", report.Formats[0].Name, "`KIND` of reports that the scanner keeps: openreports or policyreport")
	flags.kubeconfig.addContextFlags(set)
	return cmd
}

func (f *reportFlags) run(ctx context.Context, stdout, warnings io.Writer) error {
	write, known := overviewFormats[f.output]
	if !known {
		return fmt.Errorf("--output is %q: want table, json or html", f.output)
	}
	format, err := report.Find(f.reports)
	if err != nil {
		return fmt.Errorf("--reports: %w", err)
	}
	api, _, err := f.kubeconfig.client(warnings)
	if err != nil {
		return err
	}
	reports, err := report.List(ctx, api, format, f.namespace)
	if err != nil {
		return err
	}
	return write(stdout, report.NewOverview(reports, time.Now().Add(-f.since)))
}
