package cluster

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os/exec"
	"runtime"
	"strings"
	"syscall"
	"time"
)

const (
	// reportEvery is how long a build may be silent.
	reportEvery = 10 * time.Second
	// errorLines is how much of the go command's output an error shows.
	errorLines = 30
)

// runCompiler runs "go build -v" to its end and tells how far it is. The command shares a process group with its
// compilers, so that the end of the context ends them all.
func runCompiler(ctx context.Context, cmd *exec.Cmd, name string, progress io.Writer) error {
	// Pdeathsig is sent when the thread that forked exits.
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGTERM}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGTERM) }
	output, err := cmd.StderrPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	begin := time.Now()
	say := func(what string) {
		fmt.Fprintf(progress, "%s: %d s, %s\n", name, int(time.Since(begin).Seconds()), what)
	}
	last := report(output, say)
	err = cmd.Wait()
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err != nil {
		return fmt.Errorf("%w\n%s", err, strings.Join(last, "\n"))
	}
	say("done")
	return nil
}

// report says something now and then until the output ends, and returns the output's last lines. Each line of it
// names a package that was compiled, or is part of an error.
func report(output io.Reader, say func(string)) (last []string) {
	say("building")
	lines := scan(output)
	ticker := time.NewTicker(reportEvery)
	defer ticker.Stop()
	for {
		select {
		case line, more := <-lines:
			if !more {
				return last
			}
			last = append(last[max(0, len(last)-errorLines+1):], line)
		case <-ticker.C:
			say(newest(last))
		}
	}
}

func newest(lines []string) string {
	if len(lines) == 0 {
		return "looking up what is compiled already, or linking"
	}
	return lines[len(lines)-1]
}

func scan(output io.Reader) <-chan string {
	lines := make(chan string)
	go func() {
		defer close(lines)
		for scanner := bufio.NewScanner(output); scanner.Scan(); {
			lines <- scanner.Text()
		}
	}()
	return lines
}
