package reviews

import (
	"slices"
	"time"
)

// Percentile returns the smallest duration that so many of a hundred do not exceed.
func Percentile(durations []time.Duration, percent int) time.Duration {
	return slices.Sorted(slices.Values(durations))[(len(durations)*percent+99)/100-1]
}
