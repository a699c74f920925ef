package kustomize

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"sigs.k8s.io/kustomize/api/types"

	"greenlight.dev/greenlight/internal/manifest"
)

// reference is a file or a folder that a kustomization names, and where it does.
type reference struct {
	path manifest.Place
	name string
}

// onlyLocal returns an error for each file and folder that a kustomization would have to fetch, or that is
// not there: kustomize takes such a one for the address of a repository, and runs git.
func onlyLocal(folder string) error {
	var errs []error
	visit(folder, map[string]bool{}, func(in string, named reference) {
		if isInline(named.name) {
			return
		}
		_, err := os.Stat(filepath.Join(in, named.name))
		if err != nil || isAddress(named.name) {
			errs = append(errs, &manifest.Error{Place: named.path, Message: fmt.Sprintf("%s is not here, and nothing is fetched: vendor it", named.name)})
		}
	})
	return errors.Join(errs...)
}

// Bases returns the folders that the kustomization in a folder is built on, directly or not.
func Bases(folder string) []string {
	seen := map[string]bool{}
	visit(folder, seen, func(string, reference) {})
	var bases []string
	for base := range seen {
		if base != filepath.Clean(folder) {
			bases = append(bases, base)
		}
	}
	return bases
}

// visit calls see for everything that a kustomization names, and for what the folders among that name.
func visit(folder string, seen map[string]bool, see func(in string, named reference)) {
	folder = filepath.Clean(folder)
	file := File(folder)
	if file == "" || seen[folder] {
		return
	}
	seen[folder] = true
	for _, named := range references(file) {
		see(folder, named)
		if !isInline(named.name) {
			visit(filepath.Join(folder, named.name), seen, see)
		}
	}
}

// references returns what a kustomization file names that may be a folder. A file that cannot be read
// names nothing: kustomize itself says what is wrong with it.
func references(file string) []reference {
	var kustomization types.Kustomization
	data, err := os.ReadFile(file)
	if err != nil || kustomization.Unmarshal(data) != nil {
		return nil
	}
	documents, err := manifest.Split(file, data)
	if err != nil || len(documents) != 1 {
		return nil
	}
	fields := map[string][]string{
		"resources": kustomization.Resources, "components": kustomization.Components,
		"bases":      kustomization.Bases, //nolint:staticcheck // Old kustomizations still have it.
		"generators": kustomization.Generators, "transformers": kustomization.Transformers, "validators": kustomization.Validators,
	}
	var references []reference
	for field, names := range fields {
		for i, name := range names {
			references = append(references, reference{documents[0].Place(fmt.Sprintf("%s[%d]", field, i)), name})
		}
	}
	return references
}

// isInline reports whether a manifest is written in the place of its file's name.
func isInline(name string) bool { return strings.Contains(name, "\n") }

// isAddress reports whether kustomize takes a name for an address even where there is such a file.
func isAddress(name string) bool {
	return strings.Contains(name, "://") || strings.HasPrefix(strings.ToLower(name), "github.com")
}
