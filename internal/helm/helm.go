// Package helm renders charts as helm template does, but from local files alone, and knows which line of a
// template each field comes from, where that can be known.
package helm

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"helm.sh/helm/v3/pkg/chart"
	"helm.sh/helm/v3/pkg/chart/loader"
	"helm.sh/helm/v3/pkg/chartutil"
	"helm.sh/helm/v3/pkg/engine"

	"greenlight.dev/greenlight/internal/manifest"
)

// release is what helm template calls a release without a name.
const release = "release-name"

// IsChart reports whether a folder is a chart.
func IsChart(folder string) bool {
	info, err := os.Stat(filepath.Join(folder, chartutil.ChartfileName))
	return err == nil && info.Mode().IsRegular()
}

// Values returns the values of several files: the later ones win.
func Values(files []string) (map[string]any, error) {
	values := map[string]any{}
	var errs []error
	for _, file := range files {
		read, err := chartutil.ReadValuesFile(file)
		if err != nil {
			errs = append(errs, fmt.Errorf("reading the values in %s: %w", file, err))
			continue
		}
		values = chartutil.CoalesceTables(read, values)
	}
	return values, errors.Join(errs...)
}

// Render returns the objects of the chart in a folder, and its templates by their names.
func Render(folder, namespace string, values map[string]any) ([]manifest.Document, map[string][]byte, error) {
	loaded, err := loader.LoadDir(folder)
	if err != nil {
		return nil, nil, fault(folder, "", err)
	}
	rendered, err := render(loaded, namespace, values)
	if err != nil {
		return nil, nil, fault(folder, loaded.Name(), err)
	}
	templates := map[string][]byte{}
	collect(loaded, loaded.Name(), templates)
	sources := map[string][]byte{}
	var documents []manifest.Document
	var errs []error
	for _, name := range slices.Sorted(maps.Keys(rendered)) {
		if !slices.Contains([]string{".yaml", ".yml", ".json"}, path.Ext(name)) {
			continue
		}
		file, template := inFolder(folder, loaded.Name(), name), templates[name]
		split, err := manifest.Rendered(file, []byte(rendered[name]), origin(template, []byte(rendered[name])))
		documents, errs = append(documents, split...), append(errs, err)
		sources[file] = template
	}
	return documents, sources, errors.Join(errs...)
}

// render does not hold the values against the chart's schema, which may have to be fetched.
func render(loaded *chart.Chart, namespace string, values map[string]any) (map[string]string, error) {
	if err := chartutil.ProcessDependenciesWithMerge(loaded, values); err != nil {
		return nil, err
	}
	if err := missing(loaded); err != nil {
		return nil, err
	}
	options := chartutil.ReleaseOptions{Name: release, Namespace: namespace, Revision: 1, IsInstall: true}
	const skipSchema = true
	all, err := chartutil.ToRenderValuesWithSchemaValidation(loaded, values, options, capabilities(), skipSchema)
	if err != nil {
		return nil, err
	}
	return engine.Render(loaded, all)
}

// capabilities are those of the Kubernetes whose kinds are known.
func capabilities() *chartutil.Capabilities {
	capabilities := *chartutil.DefaultCapabilities
	capabilities.KubeVersion = chartutil.KubeVersion{
		Version: fmt.Sprintf("v1.%d.0", manifest.Minor), Major: "1", Minor: fmt.Sprint(manifest.Minor),
	}
	return &capabilities
}

// missing returns an error for each chart that is wanted and not vendored.
func missing(loaded *chart.Chart) error {
	var errs []error
	for _, wanted := range loaded.Metadata.Dependencies {
		vendored := slices.ContainsFunc(loaded.Dependencies(), func(c *chart.Chart) bool {
			return c.Name() == wanted.Name || c.Name() == wanted.Alias
		})
		if !vendored {
			errs = append(errs, fmt.Errorf("the chart %s is not in charts/, and nothing is fetched: run helm dependency build", wanted.Name))
		}
	}
	return errors.Join(errs...)
}

// collect gathers the templates of a chart and of the charts in it, by the names that they are rendered by.
func collect(from *chart.Chart, name string, templates map[string][]byte) {
	for _, template := range from.Templates {
		templates[path.Join(name, template.Name)] = template.Data
	}
	for _, inner := range from.Dependencies() {
		collect(inner, path.Join(name, "charts", inner.Name()), templates)
	}
}

// inFolder is the file of a template, which begins with the name of the chart.
func inFolder(folder, chart, template string) string {
	return path.Join(filepath.ToSlash(folder), strings.TrimPrefix(template, chart+"/"))
}
