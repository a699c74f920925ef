package load

import (
	"bytes"
	"encoding/json"
	"errors"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"
)

// The limits: what a check may cost over its floor, twice the input over once, and in memory.
const (
	mostOverFloor = 2.0
	mostOverTwice = 2.2
	mostMemory    = 1 << 30

	// clearlyOverTwice is for a machine with other work: what is quadratic costs 4 times as much.
	clearlyOverTwice = 3.0
)

// cost is what a process took. Time on the processor is what counts, since other work may share the machine.
type cost struct {
	cpu, wall time.Duration
	memory    int64
}

// TestCheck measures a check of 10,000 Deployments and as many Services with every rule on, of a fifth of that
// in its short form. Its floor, in the same run, is to parse each document into YAML nodes and into the typed
// object.
func TestCheck(t *testing.T) {
	apps, limit := 2_000, clearlyOverTwice
	if *long {
		apps, limit = 10_000, mostOverTwice
	}
	once, twice := generate(t, apps), generate(t, 2*apps)
	costs := least(
		func() cost { return measureFloor(t, once) },
		func() cost { return measureCheck(t, once, apps) },
		func() cost { return measureCheck(t, twice, 2*apps) },
	)
	floor, check, double := costs[0], costs[1], costs[2]
	overFloor, overHalf := ratio(check, floor), ratio(double, check)
	t.Logf("floor %v of CPU in %v; check %v in %v, %.2f times the floor, %d MiB; twice the input %.2f times as much",
		floor.cpu, floor.wall, check.cpu, check.wall, overFloor, check.memory>>20, overHalf)
	if overFloor > mostOverFloor {
		t.Errorf("a check costs %.2f times its floor: want at most %.1f", overFloor, mostOverFloor)
	}
	if overHalf > limit {
		t.Errorf("twice the input costs %.2f times as much: want at most %.1f", overHalf, limit)
	}
	if check.memory > mostMemory {
		t.Errorf("a check takes %d MiB: want at most %d", check.memory>>20, mostMemory>>20)
	}
}

func ratio(a, b cost) float64 { return float64(a.cpu) / float64(b.cpu) }

// least returns the cheapest of three runs of each, taken in turns: the others had to wait for something.
func least(measures ...func() cost) []cost {
	least := make([]cost, len(measures))
	for round := range 3 {
		for i, measure := range measures {
			if again := measure(); round == 0 || again.cpu < least[i].cpu {
				least[i] = again
			}
		}
	}
	return least
}

// strict turns on every rule.
const strict = "strict"

func measureCheck(t *testing.T, folder string, apps int) cost {
	t.Helper()
	program, err := filepath.Abs(filepath.Join("..", "..", "bin", "greenlight"))
	if err != nil {
		t.Fatal(err)
	}
	var out, complaints bytes.Buffer
	command := exec.CommandContext(t.Context(), program, "check", "--profile", strict, "--complete", "-o", "json", folder)
	command.Stdout, command.Stderr = &out, &complaints
	begin := time.Now()
	err = command.Run()
	wall := time.Since(begin)
	var exit *exec.ExitError
	if !errors.As(err, &exit) || exit.ExitCode() != 1 {
		t.Fatalf("greenlight check: %v, want the exit code 1\n%s", err, complaints.String())
	}
	holds(t, out.Bytes(), apps)
	return spent(command, wall)
}

func spent(command *exec.Cmd, wall time.Duration) cost {
	usage := command.ProcessState.SysUsage().(*syscall.Rusage)
	const kibibyte = 1 << 10
	return cost{command.ProcessState.UserTime() + command.ProcessState.SystemTime(), wall, usage.Maxrss * kibibyte}
}

// holds makes sure that what is measured is a check of everything.
func holds(t *testing.T, out []byte, apps int) {
	t.Helper()
	var result struct{ Summary struct{ Objects, Deny int } }
	if err := json.Unmarshal(out, &result); err != nil {
		t.Fatal(err)
	}
	if result.Summary.Objects != 2*apps || result.Summary.Deny < apps/11 {
		t.Fatalf("%d objects and %d denials of %d apps", result.Summary.Objects, result.Summary.Deny, apps)
	}
}
