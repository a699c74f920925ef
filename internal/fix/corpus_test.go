package fix_test

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"greenlight.dev/greenlight/internal/check"
	"greenlight.dev/greenlight/internal/fix"
)

// corpus are manifests of others, beside the repository.
const corpus = "../../../shared/corpus"

func TestTheManifestsOfOthersLackNothingAfterwards(t *testing.T) {
	if _, err := os.Stat(corpus); err != nil {
		t.Skip("there is no corpus beside the repository")
	}
	folder := t.TempDir()
	if err := os.CopyFS(folder, os.DirFS(corpus)); err != nil {
		t.Fatal(err)
	}
	fixed := fix.Run(t.Context(), options(folder))
	for _, file := range fixed.Files {
		checkInserted(t, file)
		if err := file.Write(); err != nil {
			t.Fatal(err)
		}
	}
	if len(fixed.Files) == 0 {
		t.Error("nothing was fixed")
	}
	if again := fix.Run(t.Context(), options(folder)); len(again.Files) > 0 {
		t.Errorf("%d files are fixed again", len(again.Files))
	}
	for _, finding := range check.Run(t.Context(), options(folder)).Findings {
		if slices.Contains([]string{"missing-readiness-probe", "missing-prestop"}, finding.Rule) {
			t.Errorf("%s:%d: %s", finding.File, finding.Line, finding.Message)
		}
	}
}

// checkInserted asserts that a file has all its lines still, in their order.
func checkInserted(t *testing.T, file fix.File) {
	t.Helper()
	rest := bytes.SplitAfter(file.After, []byte("\n"))
	for line := range bytes.Lines(file.Before) {
		at := slices.IndexFunc(rest, func(written []byte) bool {
			return bytes.Equal(bytes.TrimRight(written, "\r\n"), bytes.TrimRight(line, "\r\n"))
		})
		if at < 0 {
			t.Fatalf("%s: %q is gone", filepath.Base(file.Name), line)
		}
		rest = rest[at+1:]
	}
}
