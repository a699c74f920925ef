package main

import (
	"context"
	"os"
	"runtime/debug"
	"runtime/metrics"
	"time"
)

const (
	// heapRoom is how far the heap may grow where little of it is in use. By default Go collects at twice what is in
	// use, which for a small cluster is so often that it makes a third of what a review costs. It is small beside
	// the memory that is requested in config/manager, and GOMEMLIMIT holds all the same.
	heapRoom = 64 << 20
	// heapPeriod is how often what is in use is looked at.
	heapPeriod = 10 * time.Second
	// goPercent is Go's own: the heap may grow by as much as is in use.
	goPercent = 100
)

// useHeapRoom has the collector wait until the heap has filled its room, for as long as that is later than it would
// anyway. Whoever sets GOGC decides for themselves.
func useHeapRoom(ctx context.Context) error {
	if os.Getenv("GOGC") != "" {
		return nil
	}
	ticker := time.NewTicker(heapPeriod)
	defer ticker.Stop()
	for percent := goPercent; ; {
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
		return goPercent
	}
	return max(goPercent, int((heapRoom-inUse)*100/inUse))
}

// heapInUse returns what the last collection found in use: 0 before the first.
func heapInUse() uint64 {
	live := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	metrics.Read(live)
	return live[0].Value.Uint64()
}
