package mutate_test

import (
	"testing"

	"greenlight.dev/greenlight/mutate"
)

func TestNothingMissingCostsNextToNothing(t *testing.T) {
	request := newRequest(t, []byte(worker), &world{})
	request.Old = []byte(bare)
	allocations := testing.AllocsPerRun(100, func() {
		if _, err := mutate.Mutate(t.Context(), request); err != nil {
			t.Fatal(err)
		}
	})
	if allocations > 1 {
		t.Errorf("%v allocations, want at most 1", allocations)
	}
}

func BenchmarkATemplateThatStaysAsItIs(b *testing.B) {
	request := newRequest(b, []byte(relabelled), &world{})
	request.Old = []byte(bare)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := mutate.Mutate(b.Context(), request); err != nil {
			b.Fatal(err)
		}
	}
}
