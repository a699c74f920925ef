package check

import (
	"path/filepath"
	"slices"

	"greenlight.dev/greenlight/internal/helm"
	"greenlight.dev/greenlight/internal/kustomize"
	"greenlight.dev/greenlight/internal/manifest"
)

// source is a file to read, or a folder to render.
type source struct {
	// name is that of the file or the folder.
	name string
	// renders says that the objects are applied together, and apart from all others.
	renders bool
	// read returns the documents, and the files that they are written in by name.
	read func() ([]manifest.Document, map[string][]byte, error)
}

func plain(file string, read func() ([]byte, error)) source {
	return source{name: file, read: func() ([]manifest.Document, map[string][]byte, error) {
		data, err := read()
		if err != nil {
			return nil, nil, err
		}
		documents, err := manifest.Split(file, data)
		return documents, map[string][]byte{file: data}, err
	}}
}

func kustomization(folder string) source {
	return source{name: filepath.ToSlash(folder), renders: true, read: func() ([]manifest.Document, map[string][]byte, error) {
		return kustomize.Build(folder)
	}}
}

func chart(folder string, options Options) source {
	return source{name: filepath.ToSlash(folder), renders: true, read: func() ([]manifest.Document, map[string][]byte, error) {
		return helm.Render(folder, options.Namespace, options.Values)
	}}
}

// withoutBases leaves out the kustomizations that others among the sources are built on, unless they are
// asked for by name: by themselves they are applied nowhere.
func withoutBases(sources []source, paths []string) []source {
	var bases []string
	for _, source := range sources {
		if source.renders {
			bases = append(bases, kustomize.Bases(source.name)...)
		}
	}
	return slices.DeleteFunc(sources, func(source source) bool {
		isNamed := slices.ContainsFunc(paths, func(path string) bool { return filepath.ToSlash(filepath.Clean(path)) == source.name })
		return source.renders && !isNamed && slices.Contains(bases, filepath.FromSlash(source.name))
	})
}
