package main

import (
	"archive/tar"
	"errors"
	"os"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/layout"
)

// writeArchive writes an OCI layout that holds one index as one file. skopeo copies a layout of one entry, so the index
// is that entry: with one for each architecture it would not know which is meant.
func writeArchive(index v1.ImageIndex, archive string) (err error) {
	folder, err := os.MkdirTemp("", "greenlight-image-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
	written, err := layout.Write(folder, empty.Index)
	if err != nil {
		return err
	}
	if err := written.AppendIndex(index); err != nil {
		return err
	}
	file, err := os.Create(archive)
	if err != nil {
		return err
	}
	writer := tar.NewWriter(file)
	return errors.Join(writer.AddFS(os.DirFS(folder)), writer.Close(), file.Close())
}
