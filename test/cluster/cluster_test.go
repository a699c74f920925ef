package cluster

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/sys/unix"
	"k8s.io/apimachinery/pkg/util/wait"
	"k8s.io/client-go/kubernetes"
)

func TestTheAPIServerRunsAloneAndLeavesNoProcess(t *testing.T) {
	dir := t.TempDir()
	c := startCluster(t, Options{Dir: dir})
	if names := names(c); !slices.Equal(names, []string{Etcd, APIServer}) {
		t.Errorf("it runs %v", names)
	}
	version, err := client(t, c).Discovery().ServerVersion()
	if err != nil {
		t.Fatal(err)
	}
	built, err := goOutput(t.Context(), "", "list", "-m", "-f", "{{.Version}}", "k8s.io/kubernetes")
	if err != nil || version.GitVersion != built {
		t.Errorf("the server says it is %s, but %s was built (%v)", version.GitVersion, built, err)
	}
	stopCluster(t, c)
	if err := c.Check(t.Context()); err == nil {
		t.Error("a stopped cluster says that it is healthy")
	}
}

func TestAProcessThatDiesIsNamed(t *testing.T) {
	c := startCluster(t, Options{Dir: t.TempDir()})
	if err := c.Signal(Etcd, unix.SIGKILL); err != nil {
		t.Fatal(err)
	}
	var exit *ExitError
	eventually(t, "etcd is found dead", func() bool { return errors.As(c.Check(t.Context()), &exit) })
	log := filepath.Join(c.Logs(), "etcd.log")
	want := fmt.Sprintf("etcd ended (signal: killed); the last lines of %s:\n%s", log, tail(log, tailLines))
	if exit.Error() != want {
		t.Errorf("got  %v\nwant %s", exit, want)
	}
	stopCluster(t, c)
}

func TestTheEndOfTheContextEndsTheCluster(t *testing.T) {
	dir := t.TempDir()
	ctx, cancel := context.WithCancel(t.Context())
	c, err := Start(ctx, Options{Dir: dir, Binaries: binaries(t)})
	if err != nil {
		t.Fatal(err)
	}
	cancel()
	eventually(t, "the processes end", func() bool { return len(processesOf(t, dir)) == 0 })
	if err := c.Stop(); err != nil {
		t.Error(err)
	}
}

func TestAStartThatFailsLeavesNoProcess(t *testing.T) {
	dir, bin := t.TempDir(), t.TempDir()
	if err := os.Symlink(filepath.Join(binaries(t), Etcd), filepath.Join(bin, Etcd)); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(bin, APIServer), "#!/bin/sh\necho out of luck\nexit 3\n")
	_, err := Start(t.Context(), Options{Dir: dir, Binaries: bin})
	want := fmt.Sprintf("kube-apiserver ended (exit status 3); the last lines of %s:\nout of luck", layout(dir).log(APIServer))
	if err == nil || err.Error() != want {
		t.Errorf("got  %v\nwant %s", err, want)
	}
	expectNoProcess(t, dir)
}

func TestAStartThatIsCancelledLeavesNoProcess(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, Etcd), "#!/bin/sh\nexec tail -f $0\n")
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		defer cancel()
		_ = poll(ctx, func() bool { return len(processesOf(t, dir)) > 0 })
	}()
	_, err := Start(ctx, Options{Dir: dir, Binaries: dir})
	if !errors.Is(err, context.Canceled) || !strings.HasPrefix(err.Error(), "waiting for etcd: ") {
		t.Errorf("got the error %v", err)
	}
	expectNoProcess(t, dir)
}

func TestAMissingBinaryIsNamed(t *testing.T) {
	bin := t.TempDir()
	_, err := Start(t.Context(), Options{Dir: t.TempDir(), Binaries: bin})
	want := fmt.Sprintf("starting etcd: stat %s: no such file or directory; build it first", filepath.Join(bin, Etcd))
	if err == nil || err.Error() != want {
		t.Errorf("got  %v\nwant %s", err, want)
	}
}

func TestATakenPortIsRecognised(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	taken := listener.Addr().(*net.TCPAddr).Port
	free, err := freePorts(1)
	if err != nil {
		t.Fatal(err)
	}
	for name, args := range map[string]func(layout) []string{
		Etcd:      func(l layout) []string { return etcdArgs(l, taken, free[0]) },
		APIServer: func(l layout) []string { return apiServerArgs(l, free[0], taken, false) },
	} {
		t.Run(name, func(t *testing.T) {
			s := starter{Cluster: &Cluster{layout: layout(t.TempDir())}, options: Options{Binaries: binaries(t)}}
			if err := s.prepare(); err != nil {
				t.Fatal(err)
			}
			if err := s.program(name, args(s.layout)); err != nil {
				t.Fatal(err)
			}
			err := s.Wait(t.Context(), name, func(context.Context) error { return errors.New("not ready") })
			var exit *ExitError
			if !errors.As(err, &exit) || !exit.portTaken() {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestADetachedClusterIsReusedWhileItIsHealthy(t *testing.T) {
	options := Options{Dir: t.TempDir(), Binaries: binaries(t), Detached: true}
	first := startCluster(t, options)
	again := startCluster(t, options)
	if !again.Reused() || first.Reused() || again.Processes()[0] != first.Processes()[0] {
		t.Errorf("first %v, then %v", first.Processes(), again.Processes())
	}
	if err := again.Signal(Etcd, unix.SIGKILL); err != nil {
		t.Fatal(err)
	}
	eventually(t, "etcd is found dead", func() bool { return again.Check(t.Context()) != nil })
	anew := startCluster(t, options)
	if anew.Reused() || anew.Processes()[1].PID == first.Processes()[1].PID {
		t.Errorf("a cluster without etcd is reused: %v", anew.Processes())
	}
	attached, err := Open(options.Dir)
	if err != nil {
		t.Fatal(err)
	}
	stopCluster(t, attached)
	if _, err := Open(options.Dir); !errors.Is(err, ErrNotRunning) {
		t.Errorf("opening a stopped cluster: %v", err)
	}
}

func TestAClusterWhoseStartWasCutShortIsNotHealthy(t *testing.T) {
	err := (&Cluster{layout: "folder"}).Check(t.Context())
	const want = "the start of the cluster in folder was cut short; stop it or start it anew"
	if err == nil || err.Error() != want {
		t.Errorf("got  %v\nwant %s", err, want)
	}
}

// A SIGKILL between the start of etcd and the writing of the kubeconfig leaves this.
func TestWhatAStartThatWasCutShortLeftCanBeStopped(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, Etcd), "#!/bin/sh\nexec tail -f $0\n")
	cut := &Cluster{layout: layout(dir), detached: true}
	if err := os.MkdirAll(cut.Logs(), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := cut.launch(Etcd, filepath.Join(dir, Etcd), nil); err != nil {
		t.Fatal(err)
	}
	c, err := Open(dir)
	if err != nil {
		t.Fatal(errors.Join(err, cut.Stop()))
	}
	err = c.Check(t.Context())
	want := fmt.Sprintf("the start of the cluster in %s was cut short; stop it or start it anew", dir)
	if err == nil || err.Error() != want {
		t.Errorf("got  %v\nwant %s", err, want)
	}
	stopCluster(t, c)
	if _, err := Open(dir); !errors.Is(err, ErrNotRunning) {
		t.Errorf("opening it once stopped: %v", err)
	}
}

func TestARunningClusterIsNotTakenFromItsUser(t *testing.T) {
	dir := t.TempDir()
	c := startCluster(t, Options{Dir: dir, Detached: true})
	_, err := Start(t.Context(), Options{Dir: dir, Binaries: binaries(t)})
	want := fmt.Sprintf("etcd (pid %d) of another cluster is running in %s; stop that cluster or use another folder",
		c.Processes()[0].PID, dir)
	if err == nil || err.Error() != want {
		t.Errorf("got  %v\nwant %s", err, want)
	}
	stopCluster(t, c)
}

func binaries(t *testing.T) string {
	t.Helper()
	dir, err := builtOnce()
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

var builtOnce = sync.OnceValues(func() (string, error) { return Binaries(context.Background(), os.Stderr) })

func startCluster(t *testing.T, o Options) *Cluster {
	t.Helper()
	o.Binaries = binaries(t)
	c, err := Start(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Stop() })
	return c
}

func stopCluster(t *testing.T, c *Cluster) {
	t.Helper()
	if err := c.Stop(); err != nil {
		t.Error(err)
	}
	expectNoProcess(t, string(c.layout))
}

func expectNoProcess(t *testing.T, dir string) {
	t.Helper()
	if left := processesOf(t, dir); len(left) > 0 {
		t.Errorf("processes are left: %q", left)
	}
}

// processesOf returns the command lines that name the folder; every process of a cluster is given paths in it.
func processesOf(t *testing.T, dir string) []string {
	t.Helper()
	files, err := filepath.Glob("/proc/[0-9]*/cmdline")
	if err != nil {
		t.Fatal(err)
	}
	var found []string
	for _, file := range files {
		line, err := os.ReadFile(file)
		if err == nil && strings.Contains(string(line), dir+string(filepath.Separator)) {
			found = append(found, strings.ReplaceAll(string(line), "\x00", " "))
		}
	}
	return found
}

func names(c *Cluster) []string {
	var list []string
	for _, p := range c.Processes() {
		list = append(list, p.Name)
	}
	return list
}

func client(t *testing.T, c *Cluster) kubernetes.Interface {
	t.Helper()
	client, err := kubernetes.NewForConfig(c.Config())
	if err != nil {
		t.Fatal(err)
	}
	return client
}

func eventually(t *testing.T, what string, holds func() bool) {
	t.Helper()
	if err := poll(t.Context(), holds); err != nil {
		t.Fatalf("waiting until %s: %v", what, err)
	}
}

func poll(ctx context.Context, holds func() bool) error {
	return wait.PollUntilContextTimeout(ctx, 50*time.Millisecond, time.Minute, true,
		func(context.Context) (bool, error) { return holds(), nil })
}
