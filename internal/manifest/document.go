// Package manifest turns YAML and JSON manifests into typed objects that know the line and the column
// of each field.
package manifest

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"

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
	root *yaml.Node
}

// Split returns the documents of a file. Documents without content, comments aside, are left out. Its
// error joins one for each document that is not YAML, with file and line; the others are returned. A
// separator with something behind it ends the file.
func Split(file string, data []byte) ([]Document, error) {
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
			return documents, errors.Join(append(errs, fmt.Errorf("%s: in the document that begins on line %d: %w", file, line, err))...)
		}
		document := Document{File: file, Line: line, Data: chunk}
		line += bytes.Count(chunk, []byte("\n")) + 1
		if empty, err := document.parse(); err != nil {
			errs = append(errs, err)
		} else if !empty {
			documents = append(documents, document)
		}
	}
}

func (d *Document) parse() (empty bool, err error) {
	var node yaml.Node
	if err := yaml.Unmarshal(d.Data, &node); err != nil {
		return false, d.parseError(err.Error())
	}
	if node.Kind == 0 || node.Content[0].Tag == "!!null" {
		return true, nil
	}
	d.root = node.Content[0]
	return false, nil
}
