// Package testfiles makes the files that a test works on.
package testfiles

import (
	"os"
	"path/filepath"
	"testing"
)

// Write makes files, by their relative names, in a folder that is the working directory until the test ends.
func Write(t *testing.T, files map[string]string) {
	t.Helper()
	t.Chdir(t.TempDir())
	for name, content := range files {
		if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}
