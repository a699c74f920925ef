package cluster

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// newBuilder has a module of one small program to build.
func newBuilder(t *testing.T) (b builder, target string) {
	t.Setenv(assetsVariable, "")
	b = builder{module: t.TempDir(), dir: t.TempDir(), flags: "-s", stamp: "first", progress: io.Discard}
	write(t, filepath.Join(b.module, "go.mod"), "module example.test/hello\n\ngo 1.26\n")
	write(t, filepath.Join(b.module, "main.go"), "package main\n\nfunc main() { println(\"hello\") }\n")
	return b, filepath.Join(b.dir, hello.name)
}

var hello = tool{name: "hello", pkg: "."}

func TestABinaryIsBuiltOnceForEachStamp(t *testing.T) {
	b, target := newBuilder(t)
	for _, step := range []struct {
		name, stamp string
		builds      bool
	}{
		{"the first time", "first", true},
		{"unchanged", "first", false},
		{"a changed stamp", "second", true},
	} {
		var progress bytes.Buffer
		b.stamp, b.progress = step.stamp, &progress
		if err := b.provide(t.Context(), hello); err != nil {
			t.Fatal(err)
		}
		if built := progress.Len() > 0; built != step.builds {
			t.Errorf("%s: built %t; progress: %s", step.name, built, &progress)
		}
	}
	if output, err := exec.Command(target).CombinedOutput(); err != nil || string(output) != "hello\n" {
		t.Errorf("it prints %q, error %v", output, err)
	}
}

func TestABuildCutShortLeavesNothingThatCountsAsBuilt(t *testing.T) {
	b, _ := newBuilder(t)
	ctx, cancel := context.WithCancel(t.Context())
	b.progress = writerFunc(func() { cancel() })
	if err := b.provide(ctx, hello); !errors.Is(err, context.Canceled) {
		t.Errorf("got the error %v", err)
	}
	if entries, err := os.ReadDir(b.dir); err != nil || len(entries) != 0 {
		t.Errorf("left %v, error %v", entries, err)
	}
}

func TestAFailedBuildShowsTheCompilersWordsAndKeepsTheOldBinary(t *testing.T) {
	b, target := newBuilder(t)
	write(t, target, "old")
	write(t, filepath.Join(b.module, "main.go"), "package main\n\nfunc main() { none() }\n")
	err := b.provide(t.Context(), hello)
	const want = "building hello: exit status 1\nexample.test/hello\n# example.test/hello\n./main.go:3:15: undefined: none"
	if err == nil || err.Error() != want {
		t.Errorf("got  %v\nwant %s", err, want)
	}
	if content, err := os.ReadFile(target); err != nil || string(content) != "old" {
		t.Errorf("the old binary holds %q, error %v", content, err)
	}
}

func TestAnAssetIsLinkedToForAsLongAsItIsAskedFor(t *testing.T) {
	b, target := newBuilder(t)
	assets := t.TempDir()
	write(t, filepath.Join(assets, hello.name), "asset")
	for _, step := range []struct {
		assets string
		linked bool
	}{{assets, true}, {"", false}, {assets, true}} {
		t.Setenv(assetsVariable, step.assets)
		if err := b.provide(t.Context(), hello); err != nil {
			t.Fatal(err)
		}
		_, err := os.Readlink(target)
		if linked := err == nil; linked != step.linked {
			t.Errorf("with the assets %q: linked %t", step.assets, linked)
		}
	}
}

func TestTheVersionIsSplit(t *testing.T) {
	major, minor, err := majorMinor("v1.37.1")
	if major != "1" || minor != "37" || err != nil {
		t.Errorf("got %q, %q, %v", major, minor, err)
	}
	_, _, err = majorMinor("latest")
	const want = `k8s.io/kubernetes has the version "latest", want one such as v1.37.1`
	if err == nil || err.Error() != want {
		t.Errorf("got  %v\nwant %s", err, want)
	}
}

func TestEveryToolIsAToolOfTheModule(t *testing.T) {
	output, err := goOutput(t.Context(), "", "list", "tool")
	if err != nil {
		t.Fatal(err)
	}
	declared := strings.Fields(output)
	if len(declared) != len(tools) {
		t.Errorf("go.mod has %d tools, %d are built", len(declared), len(tools))
	}
	for _, tool := range tools {
		if !strings.Contains(output, tool.pkg) {
			t.Errorf("go.mod lacks the tool %s", tool.pkg)
		}
	}
}

type writerFunc func()

func (f writerFunc) Write(p []byte) (int, error) { f(); return len(p), nil }

func write(t *testing.T, path, content string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(content), 0o755); err != nil {
		t.Fatal(err)
	}
}
