package main

import (
	"encoding/json"
	"fmt"
	"io"

	"greenlight.dev/greenlight/report"
)

// overviewTable prints a table of namespaces and one of rules.
func overviewTable(w io.Writer, o report.Overview) error {
	table := newTable(w)
	rows(table, "NAMESPACE", append(o.Namespaces, total(o)))
	fmt.Fprintln(table)
	rows(table, "RULE", o.Rules)
	return table.Flush()
}

func rows(w io.Writer, name string, counts []report.Count) {
	fmt.Fprintf(w, "%s\tOBJECTS\tFAIL\tERROR\tWARN\tSKIP\tNEW\n", name)
	for _, count := range counts {
		fmt.Fprintf(w, "%s\t%d\t%d\t%d\t%d\t%d\t%d\n",
			count.Name, count.Objects, count.Fail, count.Error, count.Warn, count.Skip, count.New)
	}
}

func total(o report.Overview) report.Count {
	total := o.Total
	total.Name = "(all)"
	return total
}

// overviewJSON prints everything, in a form that does not change.
func overviewJSON(w io.Writer, o report.Overview) error {
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	return encoder.Encode(struct {
		APIVersion string `json:"apiVersion"`
		Kind       string `json:"kind"`
		report.Overview
	}{"greenlight.dev/v1alpha1", "ClusterOverview", o})
}
