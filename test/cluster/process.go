package cluster

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"syscall"
	"time"
)

// tailLines is how much of a log an error shows.
const tailLines = 15

// ExitError tells of a process that is not running although nobody stopped it.
type ExitError struct {
	Name   string // such as "etcd"
	Status string // such as "exit status 1" or "signal: killed"
	Log    string // path of the log
	Tail   string // last lines of the log
}

func (e *ExitError) Error() string {
	return fmt.Sprintf("%s ended (%s); the last lines of %s:\n%s", e.Name, e.Status, e.Log, e.Tail)
}

// portTaken says whether the process ended because a port was in use.
func (e *ExitError) portTaken() bool {
	return strings.Contains(e.Tail, syscall.EADDRINUSE.Error())
}

// process is one process of the cluster.
type process struct {
	identity
	Name    string   `json:"name"`
	Log     string   `json:"log"`
	Program string   `json:"program"`
	Args    []string `json:"args"`

	reaped chan struct{} // closed when the process has ended; nil if this program did not start it
	status string        // how it ended; may be read once reaped is closed
}

// launch starts a program. It outlives this one if it is detached, and is killed with it otherwise.
func launch(program string, args []string, name, log string, detached bool) (*process, error) {
	output, err := os.Create(log)
	if err != nil {
		return nil, err
	}
	defer output.Close()
	cmd := exec.Command(program, args...)
	cmd.Stdout, cmd.Stderr = output, output
	cmd.SysProcAttr = attributes(detached)
	p := &process{Name: name, Log: log, Program: program, Args: args, reaped: make(chan struct{})}
	started := make(chan error)
	go p.run(cmd, started)
	if err := <-started; err != nil {
		return nil, fmt.Errorf("starting %s: %w", name, err)
	}
	return p, nil
}

// run keeps its thread until the program ends: Pdeathsig is sent when the thread that forked exits.
func (p *process) run(cmd *exec.Cmd, started chan<- error) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	if err := cmd.Start(); err != nil {
		started <- err
		return
	}
	// Before Wait, as nothing is left to identify after it.
	id, err := identify(cmd.Process.Pid)
	p.identity = id
	started <- err
	_ = cmd.Wait() // the state says more than the error
	p.status = cmd.ProcessState.String()
	close(p.reaped)
}

// attributes keep a Ctrl-C at the terminal from the processes, so that they end in order and not all at once.
func attributes(detached bool) *syscall.SysProcAttr {
	if detached {
		return &syscall.SysProcAttr{Setsid: true}
	}
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
}

// end ends the process and returns once nothing of it is left. A killed one looks like a zombie while its other threads
// still hold its ports.
func (p *process) end(grace time.Duration) error {
	if err := p.identity.end(grace); err != nil {
		return err
	}
	if p.reaped != nil {
		<-p.reaped
	}
	return nil
}

// exitError returns nil as long as the process runs.
func (p *process) exitError() *ExitError {
	if p.alive() {
		return nil
	}
	return &ExitError{Name: p.Name, Status: p.exitStatus(), Log: p.Log, Tail: tail(p.Log, tailLines)}
}

func (p *process) exitStatus() string {
	if p.reaped == nil {
		return "exit status unknown: another program started it"
	}
	<-p.reaped
	return p.status
}

// tail returns the last lines of a file, or why it cannot.
func tail(path string, lines int) string {
	file, err := os.Open(path)
	if err != nil {
		return err.Error()
	}
	defer file.Close()
	const window = 16 << 10
	if _, err := file.Seek(-window, io.SeekEnd); err != nil && !errors.Is(err, syscall.EINVAL) {
		return err.Error()
	}
	content, err := io.ReadAll(file)
	if err != nil {
		return err.Error()
	}
	all := bytes.Split(bytes.TrimRight(content, "\n"), []byte("\n"))
	return string(bytes.Join(all[max(0, len(all)-lines):], []byte("\n")))
}
