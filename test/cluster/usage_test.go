package cluster

import (
	"os"
	"testing"
	"time"
)

func TestWhatAProcessUsesIsThatOfTheProcess(t *testing.T) {
	own := Process{Name: "own", PID: os.Getpid()}
	before, err := own.CPU()
	if err != nil {
		t.Fatal(err)
	}
	for begin := time.Now(); time.Since(begin) < 50*time.Millisecond; {
		_ = make([]byte, 1<<10)
	}
	after, err := own.CPU()
	if err != nil {
		t.Fatal(err)
	}
	if after <= before || after > time.Hour {
		t.Errorf("%s after %s of work on top of %s", after, 50*time.Millisecond, before)
	}
	now, most, err := own.Memory()
	if err != nil || now < 1<<20 || most < now {
		t.Errorf("%d bytes now, %d at most, %v", now, most, err)
	}
}

func TestAProcessThatIsGoneUsesNothing(t *testing.T) {
	const none = 1 << 22 // one more than there may be
	gone := Process{Name: "gone", PID: none}
	if _, err := gone.CPU(); err == nil {
		t.Error("the processor time of no process is read")
	}
	if _, _, err := gone.Memory(); err == nil {
		t.Error("the memory of no process is read")
	}
}
