package kustomize

import (
	"slices"
	"strings"

	"greenlight.dev/greenlight/internal/manifest"
)

// origins are the documents that a kustomization is made of, in the order in which they were read: a patch
// comes behind what it is applied to.
type origins struct {
	documents []manifest.Document
	// otherwise is where all that cannot be traced is placed.
	otherwise manifest.Place
}

func (r *recorder) origins(kustomization string) origins {
	origins := origins{otherwise: beginning(kustomization)}
	for _, name := range r.order {
		// What kustomize could read and we cannot is not traced.
		documents, _ := manifest.Split(name, r.files[name])
		for _, document := range documents {
			origins.documents = append(origins.documents, document.Items()...)
		}
	}
	return origins
}

// of returns where the fields of an object come from: the last document that writes them, for a patch
// replaces what was there before.
func (o origins) of(kind, name string) manifest.Origin {
	sources := o.sources(kind, name)
	return func(path string, _ manifest.Place) manifest.Place {
		for _, source := range slices.Backward(sources) {
			if path != "" && source.Has(path) {
				return source.Place(path)
			}
		}
		if len(sources) == 0 {
			return o.otherwise
		}
		return sources[0].Place(path)
	}
}

// sources are the documents of the kind that have the object's name, or the longest part of it: a
// kustomization may put something before and behind a name.
func (o origins) sources(kind, name string) []manifest.Document {
	var sources []manifest.Document
	longest := 1
	for _, document := range o.documents {
		length := len(document.Name())
		switch {
		case document.Kind().Kind != kind || !strings.Contains(name, document.Name()) || length < longest:
		case length > longest:
			sources, longest = []manifest.Document{document}, length
		default:
			sources = append(sources, document)
		}
	}
	return sources
}
