package cluster

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"

	"golang.org/x/sys/unix"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"
)

const (
	// startLimit is for one step of a start, or the start of one program, on a machine that is busy compiling.
	startLimit = 2 * time.Minute
	// exitGrace is from SIGTERM to SIGKILL.
	exitGrace = 2 * time.Second
	// killLimit is from SIGKILL to giving up, on a machine that is busy.
	killLimit = time.Minute
	// checkLimit is for one answer of a running cluster.
	checkLimit = 5 * time.Second
)

// ErrNotRunning is returned for a folder in which no cluster was started, or was stopped since.
var ErrNotRunning = errors.New("no cluster is running")

// Options say what to start.
type Options struct {
	Dir      string // for the data, certificates, logs and kubeconfig; made if missing
	Binaries string // the folder that Build filled
	Nodes    int    // 0 starts etcd and kube-apiserver only; more also the controllers, the scheduler and kwok
	Detached bool   // let the processes outlive this program; otherwise they end with it and with the context
}

// Cluster is a running control plane.
type Cluster struct {
	layout layout
	state  state
	config *rest.Config
	reused bool

	detached bool        // its processes outlive this program
	unhook   func() bool // forgets the context of Start
	once     sync.Once
	stopErr  error
}

// Start returns once the cluster is ready: the API server answers, and with nodes they take pods. When it fails, it
// has ended what it started.
//
// A healthy detached cluster of the same size in the folder is reused. Any other that was left there, such as one of
// which a process died, is ended and its data removed first, except that a running one is never taken from under its
// user by a start that is not detached.
func Start(ctx context.Context, o Options) (*Cluster, error) {
	dir, err := filepath.Abs(o.Dir)
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, err
	}
	unlock, err := lock(ctx, layout(dir).lock())
	if err != nil {
		return nil, err
	}
	defer unlock()
	if o.Detached {
		if c, err := reuse(ctx, dir, o.Nodes); err == nil {
			return c, nil
		}
	}
	if err := removeLeftovers(layout(dir), o.Detached); err != nil {
		return nil, err
	}
	return start(ctx, layout(dir), o)
}

func start(ctx context.Context, l layout, o Options) (*Cluster, error) {
	c := &Cluster{layout: l, state: state{Nodes: o.Nodes}, detached: o.Detached}
	s := starter{Cluster: c, options: o}
	if err := s.start(ctx); err != nil {
		return nil, errors.Join(err, c.stop())
	}
	if !o.Detached {
		c.unhook = context.AfterFunc(ctx, func() { _ = c.Stop() })
	}
	return c, nil
}

// reuse fails if there is no healthy cluster of that size.
func reuse(ctx context.Context, dir string, nodes int) (*Cluster, error) {
	c, err := Open(dir)
	if err != nil {
		return nil, err
	}
	if c.state.Nodes != nodes {
		return nil, fmt.Errorf("it has %d nodes", c.state.Nodes)
	}
	c.reused = true
	return c, c.Check(ctx)
}

// removeLeftovers ends and removes what an earlier cluster left.
func removeLeftovers(l layout, evenRunning bool) error {
	left, err := readState(l.state())
	if err != nil {
		return err
	}
	if running := left.alive(); len(running) > 0 && !evenRunning {
		return fmt.Errorf("%s (pid %d) of another cluster is running in %s; stop that cluster or use another folder",
			running[0].Name, running[0].PID, l)
	}
	if err := left.end(); err != nil {
		return err
	}
	return errors.Join(os.RemoveAll(l.run()), os.RemoveAll(l.logs()), removeState(l))
}

func removeState(l layout) error {
	return errors.Join(os.RemoveAll(l.kubeconfig()), os.RemoveAll(l.state()))
}

// Open attaches to the cluster that a detached Start left in a folder. The error is ErrNotRunning if there is none.
// What a start that was cut short left is opened too, so that Stop can end it: it may lack a kubeconfig, and Check says
// that it is not whole.
func Open(dir string) (*Cluster, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	c := &Cluster{layout: layout(dir), detached: true}
	if c.state, err = readState(c.layout.state()); err != nil {
		return nil, err
	}
	if len(c.state.Processes) == 0 {
		return nil, fmt.Errorf("%w in %s", ErrNotRunning, dir)
	}
	if err := c.loadConfig(); err != nil && c.state.Complete {
		return nil, err
	}
	return c, nil
}

func (c *Cluster) loadConfig() error {
	config, err := clientcmd.BuildConfigFromFlags("", c.Kubeconfig())
	if err != nil {
		return err
	}
	// The API server has its own, fairer limits.
	config.QPS = -1
	c.config = config
	return nil
}

// Stop ends the processes that the cluster started and waits until they are gone. The logs stay.
func (c *Cluster) Stop() error {
	c.once.Do(func() {
		if c.unhook != nil {
			c.unhook()
		}
		c.stopErr = c.lockAndStop()
	})
	return c.stopErr
}

func (c *Cluster) lockAndStop() error {
	unlock, err := lock(context.Background(), c.layout.lock())
	if err != nil {
		return errors.Join(err, c.state.end())
	}
	defer unlock()
	return c.stop()
}

func (c *Cluster) stop() error {
	if err := c.state.end(); err != nil {
		return err
	}
	current, err := readState(c.layout.state())
	if err != nil || !current.same(c.state) {
		return err // another cluster was started here since
	}
	return errors.Join(os.RemoveAll(c.layout.run()), removeState(c.layout))
}

// Check returns nil if every process runs and the API server is ready. A process that has ended is named by an
// *ExitError.
func (c *Cluster) Check(ctx context.Context) error {
	if !c.state.Complete {
		return fmt.Errorf("the start of the cluster in %s was cut short; stop it or start it anew", c.layout)
	}
	if err := c.firstExit(); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, checkLimit)
	defer cancel()
	return healthy(ctx, c.config, "/readyz")
}

func (c *Cluster) firstExit() error {
	for _, p := range c.state.Processes {
		if err := p.exitError(); err != nil {
			return err
		}
	}
	return nil
}

// Signal sends a signal to one process, named by a constant such as Etcd: SIGSTOP pauses it, SIGCONT wakes it,
// SIGKILL makes it crash.
func (c *Cluster) Signal(name string, signal unix.Signal) error {
	for _, p := range c.state.Processes {
		if p.Name == name {
			return p.signal(signal)
		}
	}
	return fmt.Errorf("the cluster in %s has no process %s", c.layout, name)
}

// Process is one process of a cluster.
type Process struct {
	Name  string
	PID   int
	Alive bool
}

// Processes lists them in the order they were started.
func (c *Cluster) Processes() []Process {
	var list []Process
	for _, p := range c.state.Processes {
		list = append(list, Process{Name: p.Name, PID: p.PID, Alive: p.alive()})
	}
	return list
}

// Reused says that Start found the cluster running and healthy.
func (c *Cluster) Reused() bool { return c.reused }

// Kubeconfig is the path of the administrator's kubeconfig, a member of system:masters.
func (c *Cluster) Kubeconfig() string { return c.layout.kubeconfig() }

// Config is the administrator's, without client-side rate limits.
func (c *Cluster) Config() *rest.Config { return rest.CopyConfig(c.config) }

// Dir is the folder of the cluster.
func (c *Cluster) Dir() string { return string(c.layout) }

// Logs is the folder with one log for each process, and audit.jsonl.
func (c *Cluster) Logs() string { return c.layout.logs() }

// AuditLog is the path of the API server's audit events, one JSON object a line: writes to Services and workloads,
// with the annotations of admission, and what Greenlight asks for itself.
func (c *Cluster) AuditLog() string { return c.layout.audit() }
