// Package kustomize builds kustomizations as kubectl does, but from local files alone, and knows which file
// each field comes from.
package kustomize

import (
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"sigs.k8s.io/kustomize/api/konfig"
	"sigs.k8s.io/kustomize/api/krusty"
	"sigs.k8s.io/kustomize/api/resmap"

	"greenlight.dev/greenlight/internal/manifest"
)

// File returns the kustomization file of a folder: empty where it has none.
func File(folder string) string {
	for _, name := range konfig.RecognizedKustomizationFileNames() {
		file := filepath.Join(folder, name)
		if info, err := os.Stat(file); err == nil && info.Mode().IsRegular() {
			return filepath.ToSlash(file)
		}
	}
	return ""
}

// Build returns the objects of the kustomization in a folder, and the files they come from by name.
func Build(folder string) ([]manifest.Document, map[string][]byte, error) {
	if err := onlyLocal(folder); err != nil {
		return nil, nil, err
	}
	recorder := newRecorder(folder)
	built, err := run(recorder, folder)
	if err != nil {
		return nil, nil, fault(File(folder), fmt.Errorf("kustomize: %w", err))
	}
	origins := recorder.origins(File(folder))
	var documents []manifest.Document
	var errs []error
	for _, resource := range built.Resources() {
		data, err := resource.AsYAML()
		if err != nil {
			errs = append(errs, fault(File(folder), err))
			continue
		}
		rendered, err := manifest.Rendered(File(folder), data, origins.of(resource.GetKind(), resource.GetName()))
		documents, errs = append(documents, rendered...), append(errs, err)
	}
	return documents, recorder.files, errors.Join(errs...)
}

// running is held while kustomize runs: it keeps the schemas of all kinds in a variable.
var running sync.Mutex

// run builds without the network. Remote folders have been refused before; files go through the default
// transport, which nothing else uses meanwhile.
func run(recorder *recorder, folder string) (resmap.ResMap, error) {
	running.Lock()
	defer running.Unlock()
	transport := http.DefaultTransport
	defer func() { http.DefaultTransport = transport }()
	http.DefaultTransport = refusing{}
	return krusty.MakeKustomizer(krusty.MakeDefaultOptions()).Run(recorder, folder)
}

type refusing struct{}

// RoundTrip implements http.RoundTripper.
func (refusing) RoundTrip(request *http.Request) (*http.Response, error) {
	return nil, fmt.Errorf("%s is remote, and nothing is fetched: vendor it", request.URL)
}

// fault is an error of a whole file, on one line.
func fault(file string, err error) error {
	return &manifest.Error{Place: beginning(file), Message: strings.Join(strings.Fields(err.Error()), " ")}
}

func beginning(file string) manifest.Place {
	return manifest.Place{File: file, Position: manifest.Position{Line: 1, Column: 1}}
}
