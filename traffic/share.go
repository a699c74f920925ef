package traffic

import (
	"maps"
	"slices"

	corev1 "k8s.io/api/core/v1"
)

// Shares are how many of the pods behind a Service each track has. A Service sends each of them the same part
// of the requests, near enough, so that the ratio of the pods is that of the requests. The track of pods
// without the label is "".
type Shares map[string]int

// SharesOf counts pods by the value of their track label.
func SharesOf(pods []*corev1.Pod, trackLabel string) Shares {
	shares := Shares{}
	for _, pod := range pods {
		shares[pod.Labels[trackLabel]]++
	}
	return shares
}

// Total is the number of all pods.
func (s Shares) Total() int { return s.Of(slices.Collect(maps.Keys(s))...) }

// Of is the number of pods of some tracks.
func (s Shares) Of(tracks ...string) int {
	count := 0
	for _, track := range tracks {
		count += s[track]
	}
	return count
}

// Percent is the part of the requests that some tracks get, rounded: 0 where there are no pods.
func (s Shares) Percent(tracks ...string) int {
	total := s.Total()
	if total == 0 {
		return 0
	}
	return (100*s.Of(tracks...) + total/2) / total
}

// Exceeds reports whether some tracks get more than that many percent of the requests.
func (s Shares) Exceeds(maxPercent int, tracks ...string) bool {
	return 100*s.Of(tracks...) > maxPercent*s.Total()
}

// Moved returns the tracks that get another part of the requests after a change than before, sorted.
func (s Shares) Moved(before Shares) []string {
	tracks := maps.Clone(s)
	maps.Copy(tracks, before)
	return slices.DeleteFunc(slices.Sorted(maps.Keys(tracks)), func(track string) bool {
		return s[track]*before.Total() == before[track]*s.Total()
	})
}
