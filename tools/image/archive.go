package main

import (
	"archive/tar"
	"errors"
	"os"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/layout"
)

// writeArchive writes the OCI layout of an index as one file, as docker load, podman load, skopeo and crane
// read it.
func writeArchive(index v1.ImageIndex, archive string) (err error) {
	folder, err := os.MkdirTemp("", "greenlight-image-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
	if _, err := layout.Write(folder, index); err != nil {
		return err
	}
	file, err := os.Create(archive)
	if err != nil {
		return err
	}
	writer := tar.NewWriter(file)
	return errors.Join(writer.AddFS(os.DirFS(folder)), writer.Close(), file.Close())
}
