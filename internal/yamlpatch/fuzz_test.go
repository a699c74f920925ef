package yamlpatch_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	jsonpatch "github.com/evanphx/json-patch/v5"
	"golang.org/x/tools/txtar"

	"greenlight.dev/greenlight/internal/yamlpatch"
)

// FuzzApply patches arbitrary texts. Apply checks the meaning of what it answers itself: here it must come to
// an answer, which is a text or an Error.
func FuzzApply(f *testing.F) {
	paths, err := filepath.Glob("testdata/patch/*.txtar")
	if err != nil {
		f.Fatal(err)
	}
	for _, path := range paths {
		data, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		archive := txtar.Parse(data)
		f.Add(archive.Files[0].Data, archive.Files[1].Data)
	}
	f.Fuzz(func(t *testing.T, document, operations []byte) {
		patch, err := jsonpatch.DecodePatch(operations)
		if err != nil {
			t.Skip()
		}
		_, err = yamlpatch.Apply(document, patch)
		var refused *yamlpatch.Error
		if err != nil && !errors.As(err, &refused) {
			t.Errorf("%T: %v", err, err)
		}
	})
}
