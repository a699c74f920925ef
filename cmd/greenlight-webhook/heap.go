package main

import (
	"context"
	"os"
	"runtime/debug"
	"runtime/metrics"
	"time"
)

const (
	// heapRoom is what the heap may take before it is collected, where little of it is in use. By default Go collects at
	// twice what is in use, which for a small cluster is so often that it makes a third of what a review costs. With
	// what a process takes besides, it stays under the 100 MiB that docs/performance.md states.
	heapRoom = 48 << 20
	// leastPercent is by how much of what is in use the heap may grow in any case. It is less than Go's own 100, since
	// what is cached is most of it, and quick to look through.
	leastPercent = 50
	// heapPeriod is how often what is in use is looked at: while caches fill, it changes within seconds.
	heapPeriod = time.Second
)

// useHeapRoom has the collector wait until the heap has filled its room. Whoever sets GOGC decides for themselves.
func useHeapRoom(ctx context.Context) error {
	if os.Getenv("GOGC") != "" {
		return nil
	}
	ticker := time.NewTicker(heapPeriod)
	defer ticker.Stop()
	for percent := 0; ; {
		if wanted := collectAt(heapInUse()); wanted != percent {
			percent = wanted
			debug.SetGCPercent(percent)
		}
		select {
		case <-ticker.C:
		case <-ctx.Done():
			return nil
		}
	}
}

// collectAt returns by how many percent of what is in use the heap may grow.
func collectAt(inUse uint64) int {
	if inUse == 0 || inUse >= heapRoom {
		return leastPercent
	}
	return max(leastPercent, int((heapRoom-inUse)*100/inUse))
}

// heapInUse returns what the last collection found in use: 0 before the first.
func heapInUse() uint64 {
	live := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	metrics.Read(live)
	return live[0].Value.Uint64()
}
