package cluster

import (
	"errors"
	"slices"
	"testing"

	"golang.org/x/sys/unix"
)

func TestAProgramThatIsRunBelongsToTheCluster(t *testing.T) {
	c := startCluster(t, Options{Dir: t.TempDir()})
	if err := c.Run("guest", "/bin/sleep", "600"); err != nil {
		t.Fatal(err)
	}
	if names := names(c); !slices.Equal(names, []string{Etcd, APIServer, "guest"}) {
		t.Errorf("it runs %v", names)
	}
	first := c.Processes()[2].PID
	if err := c.Run("guest", "/bin/sleep", "600"); err != nil {
		t.Fatal(err)
	}
	if second := c.Processes()[2].PID; second == first {
		t.Errorf("process %d was not replaced", first)
	}
	if err := c.Signal("guest", unix.SIGKILL); err != nil {
		t.Fatal(err)
	}
	var exit *ExitError
	eventually(t, "the guest is found dead", func() bool { return errors.As(c.Check(t.Context()), &exit) && exit.Name == "guest" })
	stopCluster(t, c)
}

func TestAProgramThatIsNotThereIsNamed(t *testing.T) {
	c := startCluster(t, Options{Dir: t.TempDir()})
	err := c.Run("guest", "/nowhere/guest")
	if want := "starting guest: stat /nowhere/guest: no such file or directory; build it first"; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
	stopCluster(t, c)
}
