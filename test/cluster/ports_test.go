package cluster

import (
	"errors"
	"fmt"
	"net"
	"syscall"
	"testing"
)

func TestFreePortsDifferAndCanBeListenedOn(t *testing.T) {
	ports, err := freePorts(5)
	if err != nil {
		t.Fatal(err)
	}
	for _, port := range ports {
		listener, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", port))
		if err != nil {
			t.Fatal(err) // the same port twice fails here too
		}
		defer listener.Close()
	}
}

func TestAServerWhosePortIsTakenStartsAnew(t *testing.T) {
	taken := &ExitError{Name: Etcd, Status: "exit status 1", Log: "etcd.log", Tail: "bind: " + syscall.EADDRINUSE.Error()}
	attempts := 0
	err := OnFreePorts(2, func(ports []int) error {
		if len(ports) != 2 {
			t.Errorf("it is given the ports %v", ports)
		}
		if attempts++; attempts < portAttempts {
			return taken
		}
		return nil
	})
	if err != nil || attempts != portAttempts {
		t.Errorf("%d attempts, error %v", attempts, err)
	}

	err = OnFreePorts(1, func([]int) error { return taken })
	const want = "other programs took the ports of 3 attempts: etcd ended (exit status 1); the last lines of etcd.log:\n" +
		"bind: address already in use"
	if err == nil || err.Error() != want {
		t.Errorf("got  %v\nwant %s", err, want)
	}
}

func TestAServerThatEndsForAnotherReasonIsNotStartedAnew(t *testing.T) {
	attempts := 0
	failure := errors.New("no disk")
	err := OnFreePorts(1, func([]int) error { attempts++; return failure })
	if attempts != 1 || !errors.Is(err, failure) {
		t.Errorf("%d attempts, error %v", attempts, err)
	}
}
