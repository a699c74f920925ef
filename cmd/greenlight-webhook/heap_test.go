package main

import (
	"context"
	"runtime"
	"runtime/debug"
	"testing"
)

func TestTheHeapFillsItsRoomBeforeItIsCollected(t *testing.T) {
	for name, test := range map[string]struct {
		inUse uint64
		want  int
	}{
		"nothing was collected yet":     {0, 50},
		"a small cluster":               {8 << 20, 500},
		"a third of the room is in use": {heapRoom / 3, 200},
		"half of the room is in use":    {heapRoom / 2, 100},
		"most of the room is in use":    {40 << 20, 50},
		"more than the room is in use":  {90 << 20, 50},
	} {
		t.Run(name, func(t *testing.T) {
			if got := collectAt(test.inUse); got != test.want {
				t.Errorf("got %d%%, want %d%%", got, test.want)
			}
		})
	}
}

func TestTheCollectorIsToldOfTheRoom(t *testing.T) {
	t.Setenv("GOGC", "")
	defer debug.SetGCPercent(debug.SetGCPercent(100))
	runtime.GC()
	stopped, stop := context.WithCancel(t.Context())
	stop()
	if err := useHeapRoom(stopped); err != nil {
		t.Fatal(err)
	}
	if got := debug.SetGCPercent(100); got <= 100 {
		t.Errorf("a heap of %d bytes is collected at %d%%", heapInUse(), got)
	}
}

func TestGOGCIsLeftAlone(t *testing.T) {
	t.Setenv("GOGC", "150")
	defer debug.SetGCPercent(debug.SetGCPercent(150))
	if err := useHeapRoom(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := debug.SetGCPercent(150); got != 150 {
		t.Errorf("got %d%%, want 150%%", got)
	}
}
