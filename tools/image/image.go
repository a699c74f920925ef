package main

import (
	"archive/tar"
	"bytes"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"strings"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/tarball"
	"github.com/google/go-containerregistry/pkg/v1/types"
)

const (
	program = "greenlight-webhook"
	// user is that of distroless images, and the one that the Deployment asks for.
	user = "65532:65532"
)

// architectures are those that the image is for.
var architectures = []string{"amd64", "arm64"}

// release is what an image is of.
type release struct{ version, created string }

// write puts an image for each architecture into one archive.
func write(binaries, archive string, release release) error {
	index := mutate.IndexMediaType(empty.Index, types.OCIImageIndex)
	for _, architecture := range architectures {
		binary := filepath.Join(binaries, architecture, program)
		image, err := imageOf(binary, architecture, release.version)
		if err != nil {
			return fmt.Errorf("the image for %s: %w", architecture, err)
		}
		platform := &v1.Platform{OS: "linux", Architecture: architecture}
		index = mutate.AppendManifests(index, mutate.IndexAddendum{Add: image, Descriptor: v1.Descriptor{Platform: platform}})
		bill := strings.TrimSuffix(archive, ".tar") + "-" + architecture + ".spdx.json"
		if err := writeBill(binary, architecture, bill, release); err != nil {
			return fmt.Errorf("the bill of materials for %s: %w", architecture, err)
		}
	}
	return writeArchive(index, archive)
}

// imageOf holds the program and nothing else: it is static, and all that it talks to is the API server, whose CA
// is in the pod. The same program makes the same image, since no time is written into it.
func imageOf(binary, architecture, version string) (v1.Image, error) {
	content, err := os.ReadFile(binary)
	if err != nil {
		return nil, err
	}
	packed, err := pack(content)
	if err != nil {
		return nil, err
	}
	layer, err := tarball.LayerFromOpener(func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(packed)), nil },
		tarball.WithMediaType(types.OCILayer))
	if err != nil {
		return nil, err
	}
	image := mutate.ConfigMediaType(mutate.MediaType(empty.Image, types.OCIManifestSchema1), types.OCIConfigJSON)
	if image, err = mutate.AppendLayers(image, layer); err != nil {
		return nil, err
	}
	return configure(image, architecture, version)
}

func configure(image v1.Image, architecture, version string) (v1.Image, error) {
	written, err := image.ConfigFile()
	if err != nil {
		return nil, err
	}
	written = written.DeepCopy()
	written.OS, written.Architecture = "linux", architecture
	written.Config = v1.Config{
		Entrypoint: []string{path.Join("/", program)}, User: user,
		Labels: map[string]string{
			"org.opencontainers.image.title":    "greenlight",
			"org.opencontainers.image.version":  version,
			"org.opencontainers.image.licenses": "Apache-2.0",
		},
	}
	return mutate.ConfigFile(image, written)
}

func pack(content []byte) ([]byte, error) {
	var packed bytes.Buffer
	writer := tar.NewWriter(&packed)
	header := &tar.Header{Name: program, Typeflag: tar.TypeReg, Mode: 0o555, Size: int64(len(content))}
	if err := writer.WriteHeader(header); err != nil {
		return nil, err
	}
	if _, err := writer.Write(content); err != nil {
		return nil, err
	}
	if err := writer.Close(); err != nil {
		return nil, err
	}
	return packed.Bytes(), nil
}
