// Package render writes the result of a check, one file a format.
package render

import (
	"fmt"
	"io"
	"strings"

	"greenlight.dev/greenlight/internal/check"
)

// Format is one way to write a result.
type Format struct {
	Name  string
	Write func(io.Writer, *check.Result) error
}

// Formats lists every format, the default first.
var Formats = []Format{
	{"text", Text},
	{"json", JSON},
	{"sarif", SARIF},
	{"junit", JUnit},
	{"github", GitHub},
	{"policyreport", PolicyReport},
	{"html", HTML},
}

// Find returns the format of a name. Its error names them all.
func Find(name string) (Format, error) {
	var names []string
	for _, format := range Formats {
		if format.Name == name {
			return format, nil
		}
		names = append(names, format.Name)
	}
	return Format{}, fmt.Errorf("there is no format %q: want %s", name, strings.Join(names, ", "))
}
