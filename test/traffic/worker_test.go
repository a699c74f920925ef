package traffic

import (
	"slices"
	"testing"
)

func TestTheSameSeedSetsOutToDoTheSame(t *testing.T) {
	intentions := func(number int, seed uint64) []string {
		w := newWorker(number, seed)
		var all []string
		for range 100 {
			all = append(all, w.next(6).String())
		}
		return all
	}
	if !slices.Equal(intentions(1, 7), intentions(1, 7)) {
		t.Error("the same worker with the same seed sets out to do something else")
	}
	if slices.Equal(intentions(1, 7), intentions(2, 7)) || slices.Equal(intentions(1, 7), intentions(1, 8)) {
		t.Error("another worker or another seed sets out to do the same")
	}
}
