package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"greenlight.dev/greenlight/internal/manifest"
	"greenlight.dev/greenlight/state"
)

// file is a file of manifests.
type file struct {
	// path is relative to the corpus.
	path    string
	objects []state.Object
	// unreadable says why documents are no objects, each with its place.
	unreadable []string
	found      []finding
}

// readAll reads every manifest below a folder, in the order of their paths.
func readAll(folder string) ([]*file, error) {
	var files []*file
	err := filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !slices.Contains([]string{".yaml", ".yml", ".json"}, filepath.Ext(path)) {
			return err
		}
		file, err := read(folder, path)
		files = append(files, file)
		return err
	})
	return files, err
}

func read(folder, path string) (*file, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	relative, err := filepath.Rel(folder, path)
	if err != nil {
		return nil, err
	}
	f := &file{path: filepath.ToSlash(relative)}
	documents, err := manifest.Split(f.path, data)
	if err != nil {
		f.unreadable = append(f.unreadable, err.Error())
	}
	for _, document := range documents {
		for _, item := range document.Items() {
			f.add(item)
		}
	}
	return f, nil
}

func (f *file) add(document manifest.Document) {
	object, err := document.Object()
	if err != nil {
		f.unreadable = append(f.unreadable, err.Error())
		return
	}
	f.objects = append(f.objects, object)
}
