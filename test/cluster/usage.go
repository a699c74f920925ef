package cluster

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// CPU is how long a process has been on the processor since its start.
func (p Process) CPU() (time.Duration, error) {
	// The clock of another process, for which there is no wrapper: see clock_getcpuclockid(3).
	const scheduled = 2
	var spent unix.Timespec
	if err := unix.ClockGettime(int32(^p.PID<<3|scheduled), &spent); err != nil {
		return 0, fmt.Errorf("reading the processor time of %s: %w", p.Name, err)
	}
	return time.Duration(spent.Nano()), nil
}

// Memory is how much of a process is resident now, and how much was at most since its start, in bytes.
func (p Process) Memory() (now, most int64, err error) {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.PID))
	if err != nil {
		return 0, 0, err
	}
	const kibibyte = 1 << 10
	for line := range strings.Lines(string(status)) {
		_, _ = fmt.Sscanf(line, "VmRSS: %d kB", &now)
		_, _ = fmt.Sscanf(line, "VmHWM: %d kB", &most)
	}
	if now == 0 || most == 0 {
		return 0, 0, errors.New("no line VmRSS or VmHWM in /proc/PID/status")
	}
	return now * kibibyte, most * kibibyte, nil
}

// Process returns the process of a name, such as Etcd.
func (c *Cluster) Process(name string) (Process, error) {
	for _, p := range c.Processes() {
		if p.Name == name {
			return p, nil
		}
	}
	return Process{}, fmt.Errorf("the cluster in %s has no process %s", c.layout, name)
}
