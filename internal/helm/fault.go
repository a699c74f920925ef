package helm

import (
	"errors"
	"path"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"

	"helm.sh/helm/v3/pkg/chartutil"

	"greenlight.dev/greenlight/internal/manifest"
)

// place is how the template engine names a place: web/templates/deployment.yaml:3:14.
var place = regexp.MustCompile(`([^\s:(]+/templates/[^\s:(]+):(\d+)(?::(\d+))?`)

// fault tells the errors that one error joins on one line each, at the place that each names.
func fault(folder, chart string, err error) error {
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		var errs []error
		for _, one := range joined.Unwrap() {
			errs = append(errs, fault(folder, chart, one))
		}
		return errors.Join(errs...)
	}
	at := manifest.Place{
		File:     path.Join(filepath.ToSlash(folder), chartutil.ChartfileName),
		Position: manifest.Position{Line: 1, Column: 1},
	}
	if match := place.FindStringSubmatch(err.Error()); match != nil {
		at.File = inFolder(folder, chart, match[1])
		at.Line, at.Column = number(match[2]), number(match[3])
	}
	return &manifest.Error{Place: at, Message: "helm: " + strings.Join(strings.Fields(err.Error()), " ")}
}

// number is a line or a column: 1 where none is written.
func number(digits string) int {
	number, err := strconv.Atoi(digits)
	if err != nil {
		return 1
	}
	return number
}
