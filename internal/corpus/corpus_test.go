package main

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// beside is where the corpus of public manifests lies, if it is there: beside the repository.
var beside = filepath.Join("..", "..", "..", "shared", "corpus")

func TestNoRuleFailsOnPublicManifests(t *testing.T) {
	if _, err := os.Stat(beside); errors.Is(err, fs.ErrNotExist) {
		t.Skip("there is no corpus beside the repository")
	}
	if _, err := judgeAll(beside); err != nil {
		t.Error(err)
	}
}

func TestNoRuleFailsOnManifestsOfEveryShape(t *testing.T) {
	files := judged(t)
	if len(files) != 4 {
		t.Errorf("read %d files", len(files))
	}
}

func TestTheManifestsOfAFolderAreJudgedTogether(t *testing.T) {
	files := judged(t)
	if got := files["blue-green/hello.yaml"].with("deny"); !strings.Contains(got, "recreate-strategy") {
		t.Errorf("hello.yaml, whose Service lies beside it: denied by %q", got)
	}
	if got := files["blue-green/hello-green.yaml"].with(skip); !strings.Contains(got, "missing-prestop") {
		t.Errorf("hello-green.yaml, of which no Service is known: skipped %q", got)
	}
}

func TestWhatCannotBeReadIsListedWithItsPlace(t *testing.T) {
	files := judged(t)
	want := `
## What cannot be read

- legacy/hello.yml:1:1: extensions/v1beta1 Deployment was removed in Kubernetes 1.16: write apps/v1
- legacy/hello.yml:17:1: kind VirtualService of networking.istio.io/v1 is not known
- legacy/hello.yml:27:3: key "selector" is written on line 26 already
- legacy/values.yaml:1:1: kind is missing
`
	if diff := cmp.Diff(want, unreadable([]*file{files["legacy/hello.yml"], files["legacy/values.yaml"]})); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func judged(t *testing.T) map[string]*file {
	t.Helper()
	files, err := judgeAll("testdata")
	if err != nil {
		t.Fatal(err)
	}
	byPath := map[string]*file{}
	for _, file := range files {
		byPath[file.path] = file
	}
	return byPath
}
