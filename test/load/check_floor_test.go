package load

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	utilyaml "k8s.io/apimachinery/pkg/util/yaml"
	kyaml "sigs.k8s.io/kustomize/kyaml/yaml"
)

// measureFloor parses every document into YAML nodes and into the typed object, on every core.
func measureFloor(t *testing.T, folder string) cost {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(folder, "*.yaml"))
	if err != nil || len(names) != files {
		t.Fatalf("%d files: %v", len(names), err)
	}
	before, begin := processor(t), time.Now()
	var group errgroup.Group
	group.SetLimit(runtime.GOMAXPROCS(0))
	for _, name := range names {
		group.Go(func() error { return parse(name) })
	}
	if err := group.Wait(); err != nil {
		t.Fatal(err)
	}
	return cost{cpu: processor(t) - before, wall: time.Since(begin)}
}

func parse(name string) error {
	data, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	reader := utilyaml.NewYAMLReader(bufio.NewReader(bytes.NewReader(data)))
	for {
		document, err := reader.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		var node kyaml.Node
		if err := kyaml.Unmarshal(document, &node); err != nil {
			return err
		}
		var typed any = &corev1.Service{}
		if bytes.Contains(document, []byte("kind: Deployment")) {
			typed = &appsv1.Deployment{}
		}
		if err := utilyaml.Unmarshal(document, typed); err != nil {
			return err
		}
	}
}

// processor is how long this process has been on the processor.
func processor(t *testing.T) time.Duration {
	t.Helper()
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		t.Fatal(err)
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}
