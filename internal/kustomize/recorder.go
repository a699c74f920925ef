package kustomize

import (
	"path/filepath"

	"sigs.k8s.io/kustomize/kyaml/filesys"
)

// recorder is the disk, and keeps what is read from it.
type recorder struct {
	filesys.FileSystem
	// folder is that of the kustomization as it was given, and root the same as kustomize calls it.
	folder, root string
	// files are what was read, by names relative to the working directory, and order their names.
	files map[string][]byte
	order []string
}

func newRecorder(folder string) *recorder {
	recorder := &recorder{FileSystem: filesys.MakeFsOnDisk(), folder: folder, files: map[string][]byte{}}
	if root, _, err := recorder.CleanedAbs(folder); err == nil {
		recorder.root = root.String()
	}
	return recorder
}

// ReadFile implements filesys.FileSystem.
func (r *recorder) ReadFile(path string) ([]byte, error) {
	data, err := r.FileSystem.ReadFile(path)
	if err == nil {
		name := r.name(path)
		if _, known := r.files[name]; !known {
			r.order = append(r.order, name)
		}
		r.files[name] = data
	}
	return data, err
}

// name is a file as a person calls it who gave the name of the folder.
func (r *recorder) name(path string) string {
	if relative, err := filepath.Rel(r.root, path); err == nil {
		path = filepath.Join(r.folder, relative)
	}
	return filepath.ToSlash(path)
}
