package main

import (
	"io"
	"text/tabwriter"
)

// newTable returns a writer of columns, to be flushed.
func newTable(w io.Writer) *tabwriter.Writer { return tabwriter.NewWriter(w, 0, 0, 2, ' ', 0) }
