package cluster

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
)

// modulePath is the module whose go.mod fixes the versions of everything that is built.
const modulePath = "greenlight.dev/greenlight/test"

// assetsVariable is controller-runtime's name for a folder with ready-made binaries.
const assetsVariable = "KUBEBUILDER_ASSETS"

// tools are the packages that the tool directives of go.mod name, by the names of their binaries.
var tools = []tool{
	{Etcd, "go.etcd.io/etcd/server/v3"},
	{APIServer, "k8s.io/kubernetes/cmd/kube-apiserver"},
	{ControllerManager, "k8s.io/kubernetes/cmd/kube-controller-manager"},
	{Scheduler, "k8s.io/kubernetes/cmd/kube-scheduler"},
	{"kubectl", "k8s.io/kubernetes/cmd/kubectl"},
	{Kwok, "sigs.k8s.io/kwok/cmd/kwok"},
}

type tool struct{ name, pkg string }

// Root returns the folder .cluster of the repository, where the built binaries and the developer's cluster live. It
// works from any folder of this module.
func Root() (string, error) {
	module, err := moduleDir(context.Background())
	if err != nil {
		return "", err
	}
	return filepath.Join(module, "..", ".cluster"), nil
}

// Binaries builds what is missing in the folder that the command and all suites share, and returns it.
func Binaries(ctx context.Context, progress io.Writer) (string, error) {
	root, err := Root()
	if err != nil {
		return "", err
	}
	dir := filepath.Join(root, "bin")
	return dir, Build(ctx, dir, progress)
}

// Build makes the folder hold every binary of a cluster, and kubectl, built from this module's go.mod. What is there
// and was built from the same go.mod stays. Binaries that the folder named by KUBEBUILDER_ASSETS has are linked to
// instead of built. Progress gets a line at least every ten seconds while something is built.
func Build(ctx context.Context, dir string, progress io.Writer) error {
	module, err := moduleDir(ctx)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	unlock, err := lock(ctx, filepath.Join(dir, "build.lock"))
	if err != nil {
		return err
	}
	defer unlock()
	b := builder{module: module, dir: dir, progress: progress}
	if b.flags, err = linkerFlags(ctx, module); err != nil {
		return err
	}
	if b.stamp, err = b.newStamp(); err != nil {
		return err
	}
	for _, t := range tools {
		if err := b.provide(ctx, t); err != nil {
			return err
		}
	}
	return nil
}

type builder struct {
	module   string // folder of go.mod
	dir      string // folder of the binaries
	flags    string // for the linker
	stamp    string // what the binaries are built from
	progress io.Writer
}

// newStamp changes with everything that a binary is made of.
func (b builder) newStamp() (string, error) {
	hash := sha256.New()
	for _, name := range []string{"go.mod", "go.sum"} {
		content, err := os.ReadFile(filepath.Join(b.module, name))
		if err != nil {
			return "", err
		}
		hash.Write(content)
	}
	fmt.Fprintln(hash, b.flags, runtime.Version(), runtime.GOOS, runtime.GOARCH)
	return hex.EncodeToString(hash.Sum(nil)), nil
}

func (b builder) provide(ctx context.Context, t tool) error {
	target := filepath.Join(b.dir, t.name)
	asset := filepath.Join(os.Getenv(assetsVariable), t.name)
	// A folder that is named as its own source would be linked onto itself, and the binaries lost.
	if _, err := os.Stat(asset); err == nil && filepath.IsAbs(asset) && asset != target {
		return link(asset, target)
	}
	stamp, err := os.ReadFile(stampOf(target))
	if _, missing := os.Stat(target); err == nil && missing == nil && string(stamp) == b.stamp {
		return nil
	}
	return b.build(ctx, t, target)
}

// link takes the stamp away, so that the binary is built once the asset is no longer asked for.
func link(asset, target string) error {
	err := errors.Join(os.RemoveAll(stampOf(target)), os.RemoveAll(target))
	return errors.Join(err, os.Symlink(asset, target))
}

func stampOf(binary string) string { return binary + ".stamp" }

// build puts the binary in place only when it is whole, and its stamp only after that.
func (b builder) build(ctx context.Context, t tool, target string) error {
	unfinished := target + ".unfinished"
	defer os.Remove(unfinished)
	cmd := exec.CommandContext(ctx, "go", "build", "-v", "-ldflags", b.flags, "-o", unfinished, t.pkg)
	cmd.Dir = b.module
	if err := runCompiler(ctx, cmd, t.name, b.progress); err != nil {
		return fmt.Errorf("building %s: %w", t.name, err)
	}
	if err := os.Rename(unfinished, target); err != nil {
		return err
	}
	return writeFile(stampOf(target), []byte(b.stamp), 0o644)
}

// linkerFlags give the Kubernetes binaries their version, which a release build would set. Clients and the API
// server's own compatibility checks depend on it.
func linkerFlags(ctx context.Context, module string) (string, error) {
	version, err := goOutput(ctx, module, "list", "-m", "-f", "{{.Version}}", "k8s.io/kubernetes")
	if err != nil {
		return "", err
	}
	major, minor, err := majorMinor(version)
	if err != nil {
		return "", err
	}
	flags := []string{"-s", "-w"}
	for _, pkg := range []string{"k8s.io/component-base/version", "k8s.io/client-go/pkg/version"} {
		flags = append(flags,
			fmt.Sprintf("-X %s.gitVersion=%s", pkg, version),
			fmt.Sprintf("-X %s.gitMajor=%s", pkg, major),
			fmt.Sprintf("-X %s.gitMinor=%s", pkg, minor))
	}
	return strings.Join(flags, " "), nil
}

func majorMinor(version string) (major, minor string, err error) {
	parts := strings.SplitN(strings.TrimPrefix(version, "v"), ".", 3)
	if len(parts) != 3 {
		return "", "", fmt.Errorf("k8s.io/kubernetes has the version %q, want one such as v1.37.1", version)
	}
	return parts[0], parts[1], nil
}

func moduleDir(ctx context.Context) (string, error) {
	dir, err := goOutput(ctx, "", "list", "-m", "-f", "{{.Dir}}", modulePath)
	if err != nil {
		return "", fmt.Errorf("the binaries are built in the folder of the module %s, run it there: %w", modulePath, err)
	}
	return dir, nil
}

func goOutput(ctx context.Context, dir string, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, "go", args...)
	cmd.Dir = dir
	output, err := cmd.Output()
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		err = fmt.Errorf("%w: %s", err, strings.TrimSpace(string(exit.Stderr)))
	}
	if err != nil {
		return "", fmt.Errorf("go %s: %w", strings.Join(args, " "), err)
	}
	return strings.TrimSpace(string(output)), nil
}
