// Package manifest turns YAML and JSON manifests into typed objects that know the line and the column
// of each field.
package manifest

import (
	"bufio"
	"bytes"
	"errors"
	"io"

	"github.com/go-json-experiment/json/jsontext"
	"go.yaml.in/yaml/v3"
	utilyaml "k8s.io/apimachinery/pkg/util/yaml"
)

// Document is one YAML document of a file.
type Document struct {
	// File is the name of the file as it was given.
	File string
	// Line is the line of File on which the document begins, from 1.
	Line int
	// Data is the document as written, but for its line ends: they are \n.
	Data []byte
	// Pointer is where in the document of its file an item of a list is: empty for any other document.
	Pointer jsontext.Pointer
	// lines counts those of the document of the file.
	lines int
	// begin is where its content begins, within Data.
	begin Position
	// root is nil where it was forgotten.
	root   *yaml.Node
	origin Origin
}

// Split returns the documents of a file. Documents without content, comments aside, are left out. Its
// error joins an Error for each document that is not YAML; the others are returned. A separator with
// something behind it ends the file.
func Split(file string, data []byte) ([]Document, error) { return Rendered(file, data, nil) }

// Rendered returns the documents of what was rendered, which are placed where they come from.
func Rendered(file string, data []byte, origin Origin) ([]Document, error) {
	reader := utilyaml.NewYAMLReader(bufio.NewReader(bytes.NewReader(data)))
	var documents []Document
	var errs []error
	line := 1
	for {
		chunk, err := reader.Read()
		if errors.Is(err, io.EOF) {
			return documents, errors.Join(errs...)
		}
		if err != nil {
			document := Document{File: file, Line: line, origin: origin}
			beginning := document.place("", &yaml.Node{Line: 1, Column: 1})
			return documents, errors.Join(append(errs, &Error{beginning, err.Error() + ", in the document that begins here"})...)
		}
		document := Document{File: file, Line: line, Data: chunk, origin: origin}
		document.lines = bytes.Count(chunk, []byte("\n"))
		line += document.lines + 1
		if empty, err := document.parse(); err != nil {
			errs = append(errs, err)
		} else if !empty {
			documents = append(documents, document)
		}
	}
}
