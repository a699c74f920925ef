package scale

import (
	"fmt"
	"os"
	"regexp"
	"strconv"
	"testing"

	"greenlight.dev/greenlight/test/cluster"
)

var highWater = regexp.MustCompile(`VmHWM:\s+(\d+) kB`)

// peak returns the most memory, in bytes, that a process of the cluster has held so far.
func peak(t *testing.T, c *cluster.Cluster, name string) int {
	t.Helper()
	for _, process := range c.Processes() {
		if process.Name != name {
			continue
		}
		status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", process.PID))
		must(t, err)
		found := highWater.FindSubmatch(status)
		if found == nil {
			t.Fatalf("the status of process %d says nothing of its memory:\n%s", process.PID, status)
		}
		kilobytes, err := strconv.Atoi(string(found[1]))
		must(t, err)
		return kilobytes << 10
	}
	t.Fatalf("no process is called %s", name)
	return 0
}
