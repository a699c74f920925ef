package check

import (
	"greenlight.dev/greenlight/internal/manifest"
	"greenlight.dev/greenlight/state"
)

// File is what was read from one file, or rendered from one folder, but not judged.
type File struct {
	// Name is that of the file or the folder.
	Name string
	// Data is the content of a file: nil for what is rendered.
	Data []byte
	// Rendered says that the manifests are applied together, and apart from all others.
	Rendered  bool
	Manifests []Manifest
}

// Manifest is one object, of a kind that a rule looks at, and the document that it is written in.
type Manifest struct {
	state.Object
	Document manifest.Document
}

// Reference says which object it is.
func (m Manifest) Reference() Object {
	return (&object{Object: m.Object, document: m.Document}).reference()
}

// Read reads and renders what Run judges, and returns what is wrong with the others.
func Read(options Options) ([]File, []Error) {
	sources, faults := find(options.Paths, options)
	input := load(sources, options)
	files := make([]File, len(input))
	for i, file := range input {
		name := file.source.name
		files[i] = File{Name: name, Data: file.sources[name], Rendered: file.source.renders}
		for _, object := range file.objects {
			files[i].Manifests = append(files[i].Manifests, Manifest{object.Object, object.document})
		}
	}
	return files, append(faults, input.errors()...)
}
