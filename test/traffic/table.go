package traffic

import (
	"fmt"
	"io"
	"text/tabwriter"
)

// rows are the figures of a report, as docs/traffic-guard.md has them.
var rows = []struct {
	name  string
	value func(*Report) int
}{
	{"writes attempted", func(r *Report) int { return r.Attempted }},
	{"admitted, and changed something", func(r *Report) int { return r.Admitted }},
	{"denied", func(r *Report) int { return r.Denied }},
	{"**Services emptied by an admitted write**", func(r *Report) int { return r.Outages(ByWrite) }},
	{"by pods that failed", func(r *Report) int { return r.Outages(ByFailure) }},
	{"by pods that became ready although they were to go", func(r *Report) int { return r.Outages(ByRevival) }},
	{"drops to none that the EndpointSlices showed", (*Report).Drops},
	{"seconds", func(r *Report) int { return int(r.Took.Seconds()) }},
}

// WriteTable writes reports side by side, in Markdown.
func WriteTable(w io.Writer, reports []*Report) error {
	table := tabwriter.NewWriter(w, 0, 0, 1, ' ', 0)
	line := func(first string, cell func(*Report) any) {
		fmt.Fprintf(table, "| %s\t|", first)
		for _, r := range reports {
			fmt.Fprintf(table, " %v\t|", cell(r))
		}
		fmt.Fprintln(table)
	}
	line("", func(r *Report) any { return r.Options.Name })
	line("---", func(*Report) any { return "---" })
	line("seed", func(r *Report) any { return r.Options.Seed })
	for _, row := range rows {
		line(row.name, func(r *Report) any { return row.value(r) })
	}
	return table.Flush()
}
