package main

import (
	"archive/tar"
	"bytes"
	"io"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/layout"
	spdxjson "github.com/spdx/tools-golang/json"
	spdx "github.com/spdx/tools-golang/spdx/v2/v2_3"
)

func TestTheArchiveHoldsTheProgramForEachArchitecture(t *testing.T) {
	content, archive := written(t)
	index := unpacked(t, archive)
	manifest, err := index.IndexManifest()
	if err != nil {
		t.Fatal(err)
	}
	var platforms []string
	for _, descriptor := range manifest.Manifests {
		platforms = append(platforms, descriptor.Platform.String())
		image, err := index.Image(descriptor.Digest)
		if err != nil {
			t.Fatal(err)
		}
		checkImage(t, image, content)
	}
	if diff := cmp.Diff([]string{"linux/amd64", "linux/arm64"}, platforms); diff != "" {
		t.Errorf("platforms (-want +got):\n%s", diff)
	}
}

func checkImage(t *testing.T, image v1.Image, content []byte) {
	t.Helper()
	file, err := image.ConfigFile()
	if err != nil {
		t.Fatal(err)
	}
	if file.Config.User != "65532:65532" || !slices.Equal(file.Config.Entrypoint, []string{"/greenlight-webhook"}) || file.Config.Labels["org.opencontainers.image.version"] != "v1.2.3" {
		t.Errorf("config %+v", file.Config)
	}
	layers, err := image.Layers()
	if err != nil {
		t.Fatal(err)
	}
	if len(layers) != 1 {
		t.Fatalf("%d layers", len(layers))
	}
	packed, err := layers[0].Uncompressed()
	if err != nil {
		t.Fatal(err)
	}
	defer packed.Close()
	reader := tar.NewReader(packed)
	header, err := reader.Next()
	if err != nil {
		t.Fatal(err)
	}
	got, err := io.ReadAll(reader)
	if err != nil {
		t.Fatal(err)
	}
	if header.Name != "greenlight-webhook" || header.Mode != 0o555 || !bytes.Equal(got, content) {
		t.Errorf("the layer holds %s, mode %o, %d bytes", header.Name, header.Mode, len(got))
	}
}

func TestTheSameProgramMakesTheSameImage(t *testing.T) {
	_, first := written(t)
	_, second := written(t)
	digests := map[v1.Hash]bool{}
	for _, archive := range []string{first, second} {
		digest, err := unpacked(t, archive).Digest()
		if err != nil {
			t.Fatal(err)
		}
		digests[digest] = true
	}
	if len(digests) != 1 {
		t.Errorf("the digests are %v", digests)
	}
}

func TestTheBillNamesTheModules(t *testing.T) {
	_, archive := written(t)
	document := readBill(t, archive, "arm64")
	named := func(name string) bool {
		return slices.ContainsFunc(document.Packages, func(p *spdx.Package) bool { return p.PackageName == name && p.PackageVersion != "" })
	}
	for _, name := range []string{"std", "github.com/google/go-containerregistry", "greenlight.dev/greenlight/tools/image"} {
		if !named(name) {
			t.Errorf("%s is not in the bill", name)
		}
	}
	if len(document.Relationships) != len(document.Packages) || document.CreationInfo.Created != "2026-01-02T03:04:05Z" {
		t.Errorf("%d packages, %d relationships, created %s", len(document.Packages), len(document.Relationships), document.CreationInfo.Created)
	}
}

func TestEachBillIsADocumentOfItsOwn(t *testing.T) {
	_, archive := written(t)
	var namespaces []string
	for _, architecture := range architectures {
		namespaces = append(namespaces, readBill(t, archive, architecture).DocumentNamespace)
	}
	want := []string{
		"https://greenlight.dev/spdx/greenlight-webhook-v1.2.3-amd64",
		"https://greenlight.dev/spdx/greenlight-webhook-v1.2.3-arm64",
	}
	if diff := cmp.Diff(want, namespaces); diff != "" {
		t.Errorf("their namespaces (-want +got):\n%s", diff)
	}
}

// readBill reads the bill of an architecture beside an archive.
func readBill(t *testing.T, archive, architecture string) spdx.Document {
	t.Helper()
	file, err := os.Open(filepath.Join(filepath.Dir(archive), "image-"+architecture+".spdx.json"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	var document spdx.Document
	if err := spdxjson.ReadInto(file, &document); err != nil {
		t.Fatal(err)
	}
	return document
}

// written writes an archive in which this test is the program.
func written(t *testing.T) (content []byte, archive string) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	if content, err = os.ReadFile(self); err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	for _, architecture := range architectures {
		if err := os.Mkdir(filepath.Join(folder, architecture), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(folder, architecture, program), content, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	archive = filepath.Join(folder, "image.tar")
	if err := write(folder, archive, release{version: "v1.2.3", created: "2026-01-02T03:04:05Z"}); err != nil {
		t.Fatal(err)
	}
	return content, archive
}

// unpacked returns the index that an archive holds, which must be the one entry of its layout.
func unpacked(t *testing.T, archive string) v1.ImageIndex {
	t.Helper()
	file, err := os.Open(archive)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	folder := t.TempDir()
	for reader := tar.NewReader(file); ; {
		header, err := reader.Next()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		unpack(t, filepath.Join(folder, filepath.FromSlash(header.Name)), header, reader)
	}
	return onlyIndex(t, folder)
}

func onlyIndex(t *testing.T, folder string) v1.ImageIndex {
	t.Helper()
	outer, err := layout.ImageIndexFromPath(folder)
	if err != nil {
		t.Fatal(err)
	}
	manifest, err := outer.IndexManifest()
	if err != nil {
		t.Fatal(err)
	}
	if len(manifest.Manifests) != 1 {
		t.Fatalf("the layout has %d entries: skopeo copies what has one", len(manifest.Manifests))
	}
	index, err := outer.ImageIndex(manifest.Manifests[0].Digest)
	if err != nil {
		t.Fatal(err)
	}
	return index
}

func unpack(t *testing.T, path string, header *tar.Header, content io.Reader) {
	t.Helper()
	if header.Typeflag == tar.TypeDir {
		return
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	file, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(file, content); err != nil {
		t.Fatal(err)
	}
	if err := file.Close(); err != nil {
		t.Fatal(err)
	}
}
