package mutate_test

import (
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"
	"sigs.k8s.io/yaml"

	"greenlight.dev/greenlight/api/v1alpha1"
	"greenlight.dev/greenlight/mutate"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// TestGolden mutates the object of each case in testdata. A case is a txtar archive of object.yaml,
// and where it needs them old.yaml (it is an update), cluster.yaml (Services and ReplicaSets) and
// policy.yaml. want.yaml is the object after the patch, left out where there is none; want.warnings
// are the warnings, one a line. The archive's comment tells what the case shows; a line
// "sleep unsupported: REASON" there is a cluster without native sleep.
func TestGolden(t *testing.T) {
	paths, err := filepath.Glob("testdata/*/*.txtar")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	for _, path := range paths {
		t.Run(sentence(path), func(t *testing.T) {
			archive, err := txtar.ParseFile(path)
			if err != nil {
				t.Fatal(err)
			}
			request := readRequest(t, archive)
			result := mutateUnharmed(t, request)
			checkIdempotence(t, request, result)
			checkGolden(t, path, archive, "want.yaml", wantedObject(t, request, result))
			checkGolden(t, path, archive, "want.warnings", lines(result.Warnings))
		})
	}
}

func sentence(path string) string {
	folder, file := filepath.Split(path)
	return filepath.Base(folder) + "/" + strings.ReplaceAll(strings.TrimSuffix(file, ".txtar"), "-", " ")
}

func readRequest(t *testing.T, archive *txtar.Archive) mutate.Request {
	t.Helper()
	var policy v1alpha1.RolloutPolicy
	if err := yaml.UnmarshalStrict(file(archive, "policy.yaml"), &policy); err != nil {
		t.Fatal(err)
	}
	policy.SetDefaults()
	request := newRequest(t, toJSON(t, file(archive, "object.yaml")), readCluster(t, file(archive, "cluster.yaml")))
	request.Defaults = policy.Spec.Defaults
	if old := file(archive, "old.yaml"); old != nil {
		request.Old = toJSON(t, old)
	}
	for line := range strings.Lines(string(archive.Comment)) {
		if reason, ok := strings.CutPrefix(line, "sleep unsupported: "); ok {
			request.SleepUnsupported = strings.TrimSpace(reason)
		}
	}
	return request
}

func wantedObject(t *testing.T, request mutate.Request, result mutate.Result) string {
	t.Helper()
	if len(result.Patch) == 0 {
		return ""
	}
	patched, err := yaml.JSONToYAML(apply(t, request.Object, result.Patch))
	if err != nil {
		t.Fatal(err)
	}
	return string(patched)
}

func checkGolden(t *testing.T, path string, archive *txtar.Archive, name, got string) {
	t.Helper()
	if *update {
		rewrite(t, path, archive, name, got)
		return
	}
	if diff := cmp.Diff(string(file(archive, name)), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", name, diff)
	}
}

func rewrite(t *testing.T, path string, archive *txtar.Archive, name, content string) {
	t.Helper()
	archive.Files = slices.DeleteFunc(archive.Files, func(f txtar.File) bool { return f.Name == name })
	if content != "" {
		archive.Files = append(archive.Files, txtar.File{Name: name, Data: []byte(content)})
	}
	if err := os.WriteFile(path, txtar.Format(archive), 0o644); err != nil {
		t.Fatal(err)
	}
}

func file(archive *txtar.Archive, name string) []byte {
	for _, file := range archive.Files {
		if file.Name == name {
			return file.Data
		}
	}
	return nil
}

func lines(warnings []string) string {
	var text strings.Builder
	for _, warning := range warnings {
		text.WriteString(warning + "\n")
	}
	return text.String()
}
