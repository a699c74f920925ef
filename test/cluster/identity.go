package cluster

import (
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// identity names one process for good: the system hands out a pid again, but not with the same start time.
type identity struct {
	PID   int    `json:"pid"`
	Start uint64 `json:"start"` // clock ticks since boot
}

func identify(pid int) (identity, error) {
	start, _, err := stat(pid)
	return identity{PID: pid, Start: start}, err
}

// alive is false for a zombie: it has ended, only its parent has not asked yet.
func (id identity) alive() bool {
	start, status, err := stat(id.PID)
	return err == nil && start == id.Start && status != "Z"
}

// end asks the process to exit, forces it after the grace, and returns once it is gone.
func (id identity) end(grace time.Duration) error {
	fd, err := id.open()
	if errors.Is(err, unix.ESRCH) {
		return nil
	}
	if err != nil {
		return err
	}
	defer unix.Close(fd)
	for _, step := range []struct {
		signal unix.Signal
		limit  time.Duration
	}{{unix.SIGTERM, grace}, {unix.SIGKILL, killLimit}} {
		if err := send(fd, step.signal, unix.SIGCONT); err != nil {
			return err
		}
		if gone, err := waitGone(fd, step.limit); gone || err != nil {
			return err
		}
	}
	return fmt.Errorf("process %d is still there %s after SIGKILL", id.PID, killLimit)
}

func (id identity) signal(signal unix.Signal) error {
	fd, err := id.open()
	if err != nil {
		return err
	}
	defer unix.Close(fd)
	return send(fd, signal)
}

// open returns a pidfd. It is opened before the start time is compared, so that the pid cannot change hands between
// the comparison and a signal.
func (id identity) open() (int, error) {
	fd, err := unix.PidfdOpen(id.PID, 0)
	if err != nil {
		return 0, fmt.Errorf("process %d: %w", id.PID, err)
	}
	if !id.alive() {
		unix.Close(fd)
		return 0, fmt.Errorf("process %d: %w", id.PID, unix.ESRCH)
	}
	return fd, nil
}

func send(fd int, signals ...unix.Signal) error {
	for _, signal := range signals {
		if err := unix.PidfdSendSignal(fd, signal, nil, 0); err != nil && !errors.Is(err, unix.ESRCH) {
			return fmt.Errorf("sending %s: %w", unix.SignalName(signal), err)
		}
	}
	return nil
}

// waitGone waits for the process behind a pidfd, which becomes readable when the process ends.
func waitGone(fd int, limit time.Duration) (bool, error) {
	deadline := time.Now().Add(limit)
	for {
		left := max(0, time.Until(deadline))
		n, err := unix.Poll([]unix.PollFd{{Fd: int32(fd), Events: unix.POLLIN}}, int(left.Milliseconds()))
		if !errors.Is(err, unix.EINTR) {
			return n > 0, err
		}
	}
}

// stat reads the start time and the status letter of a process; see proc_pid_stat(5).
func stat(pid int) (start uint64, status string, err error) {
	line, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0, "", err
	}
	return parseStat(string(line))
}

func parseStat(line string) (start uint64, status string, err error) {
	// The second field is the command in brackets and may itself hold blanks and brackets.
	fields := strings.Fields(line[strings.LastIndex(line, ")")+1:])
	if len(fields) < 20 {
		return 0, "", fmt.Errorf("not a line of /proc/PID/stat: %q", line)
	}
	start, err = strconv.ParseUint(fields[19], 10, 64)
	return start, fields[0], err
}
