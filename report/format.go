package report

import (
	"fmt"
	"strings"

	"k8s.io/apimachinery/pkg/runtime/schema"
)

// Format is a kind that reports are kept as. They differ in little more than their names.
type Format struct {
	// Name is what the format is chosen by.
	Name string
	Kind schema.GroupVersionKind
	// Resource is the kind's resource, in the plural.
	Resource string
	// sourced says that a report as a whole names its source too, and not only each of its results.
	sourced bool
}

var (
	// OpenReports is https://github.com/openreports/reports-api.
	OpenReports = Format{
		Name: "openreports", Resource: "reports", sourced: true,
		Kind: schema.GroupVersionKind{Group: "openreports.io", Version: "v1alpha1", Kind: "Report"},
	}
	// PolicyReport is what came before, of the policy working group.
	PolicyReport = Format{
		Name: "policyreport", Resource: "policyreports",
		Kind: schema.GroupVersionKind{Group: "wgpolicyk8s.io", Version: "v1alpha2", Kind: "PolicyReport"},
	}
)

// Formats lists every format, the default first.
var Formats = []Format{OpenReports, PolicyReport}

// Find returns the format of a name. Its error names them all.
func Find(name string) (Format, error) {
	var names []string
	for _, format := range Formats {
		if format.Name == name {
			return format, nil
		}
		names = append(names, format.Name)
	}
	return Format{}, fmt.Errorf("there is no format %q: want %s", name, strings.Join(names, " or "))
}
