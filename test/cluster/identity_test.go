package cluster

import (
	"os"
	"os/exec"
	"testing"
	"time"
)

func TestParseStat(t *testing.T) {
	const rest = " 1 7 7 0 -1 4194560 1 0 0 0 0 0 0 0 20 0 1 0 4711 1000 10"
	cases := map[string]struct {
		line, status string
		start        uint64
		fails        bool
	}{
		"a plain command": {line: "7 (etcd) S" + rest, status: "S", start: 4711},
		"a command with a blank and closed bracket": {line: "7 (a) Z b) R" + rest, status: "R", start: 4711},
		"a zombie":           {line: "7 (etcd) Z" + rest, status: "Z", start: 4711},
		"a line cut short":   {line: "7 (etcd) S 1 7", fails: true},
		"a line without any": {line: "", fails: true},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			start, status, err := parseStat(c.line)
			if (err != nil) != c.fails {
				t.Fatalf("error: %v", err)
			}
			if !c.fails && (start != c.start || status != c.status) {
				t.Errorf("got start %d and status %q, want %d and %q", start, status, c.start, c.status)
			}
		})
	}
}

func TestAProcessWithAReusedPIDIsLeftAlone(t *testing.T) {
	own, err := identify(os.Getpid())
	if err != nil {
		t.Fatal(err)
	}
	former := identity{PID: own.PID, Start: own.Start - 1}
	if !own.alive() || former.alive() {
		t.Errorf("alive: this process %t, the former owner of its pid %t", own.alive(), former.alive())
	}
	if err := former.end(time.Second); err != nil {
		t.Errorf("ending a process that is gone: %v", err)
	}
}

func TestEndReturnsOnceTheProcessIsGone(t *testing.T) {
	cases := map[string]string{
		"a process that exits when asked": "exec sleep 60",
		"a process that ignores SIGTERM":  "trap '' TERM; echo; sleep 60",
		"a process that is paused":        "kill -STOP $$; sleep 60",
	}
	for name, script := range cases {
		t.Run(name, func(t *testing.T) {
			cmd := exec.Command("sh", "-c", script)
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			id, err := identify(cmd.Process.Pid)
			if err != nil {
				t.Fatal(err)
			}
			if err := id.end(100 * time.Millisecond); err != nil {
				t.Error(err)
			}
			if id.alive() {
				t.Error("it is alive")
			}
			_ = cmd.Wait() // reaps it; it was killed, so the error says nothing
		})
	}
}
