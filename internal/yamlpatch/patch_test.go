package yamlpatch_test

import (
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	jsonpatch "github.com/evanphx/json-patch/v5"
	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"greenlight.dev/greenlight/internal/yamlpatch"
)

var update = flag.Bool("update", false, "write what the cases get as what they want")

// TestPatch runs every case of testdata/patch: a document, a patch, and what becomes of it or why nothing does.
func TestPatch(t *testing.T) {
	paths, err := filepath.Glob("testdata/patch/*.txtar")
	if err != nil || len(paths) == 0 {
		t.Fatalf("%d cases: %v", len(paths), err)
	}
	for _, path := range paths {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(path)
			if err != nil {
				t.Fatal(err)
			}
			document, patch := archive.Files[0].Data, decode(t, archive.Files[1].Data)
			got := outcome(t, document, patch)
			if *update {
				archive.Files = append(archive.Files[:2], got)
				if err := os.WriteFile(path, txtar.Format(archive), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			if diff := cmp.Diff(archive.Files[2], got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

func outcome(t *testing.T, document []byte, patch jsonpatch.Patch) txtar.File {
	t.Helper()
	patched, err := yamlpatch.Apply(document, patch)
	var refused *yamlpatch.Error
	switch {
	case errors.As(err, &refused):
		return txtar.File{Name: "refused", Data: []byte(err.Error() + "\n")}
	case err != nil:
		t.Fatal(err)
	}
	return txtar.File{Name: "patched", Data: patched}
}

func decode(t *testing.T, patch []byte) jsonpatch.Patch {
	t.Helper()
	decoded, err := jsonpatch.DecodePatch(patch)
	if err != nil {
		t.Fatal(err)
	}
	return decoded
}
