package cluster

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestTail(t *testing.T) {
	cases := map[string]struct{ content, want string }{
		"of an empty file":          {"", ""},
		"of fewer lines than asked": {"a\n", "a"},
		"of more lines than asked":  {"a\nb\nc\n", "b\nc"},
		"of a file without an end":  {"a\nb\nc", "b\nc"},
		"of a very long file":       {strings.Repeat("x\n", 50_000) + "y\nz\n", "y\nz"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "log")
			if err := os.WriteFile(path, []byte(c.content), 0o644); err != nil {
				t.Fatal(err)
			}
			if got := tail(path, 2); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestAProcessThatEndsIsNamedWithItsStatusAndLog(t *testing.T) {
	log := filepath.Join(t.TempDir(), "etcd.log")
	p, err := launch("/bin/sh", []string{"-c", "echo out of luck; exit 3"}, Etcd, log, false)
	if err != nil {
		t.Fatal(err)
	}
	<-p.reaped
	want := fmt.Sprintf("etcd ended (exit status 3); the last lines of %s:\nout of luck", log)
	if got := p.exitError(); got == nil || got.Error() != want {
		t.Errorf("got  %v\nwant %s", got, want)
	}
}
