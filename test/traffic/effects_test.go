package traffic

import (
	"testing"

	"k8s.io/apimachinery/pkg/types"
)

func TestWritesCountThatChangedSomething(t *testing.T) {
	scaled := workload{key: named(blue), uid: "blue", generation: 1}
	written := write{outcome: admitted, version: 7}
	tests := map[string]struct {
		tell func(*history)
		want int
	}{
		"a new generation": {func(h *history) {
			h.changed(change{version: 7, object: scaled})
			h.wrote(written)
		}, 1},
		"a new generation that is told of after the answer": {func(h *history) {
			h.wrote(written)
			h.changed(change{version: 7, object: scaled})
		}, 1},
		"a new selector": {func(h *history) {
			h.changed(change{version: 6, object: service{named("live"), map[string]string{versionLabel: blue}}})
			h.changed(change{version: 7, object: service{named("live"), map[string]string{versionLabel: green}}})
			h.wrote(written)
		}, 1},
		"two answers with one version": {func(h *history) {
			h.changed(change{version: 7, object: scaled})
			h.wrote(written)
			h.wrote(written)
		}, 1},
		"a status": {func(h *history) {
			h.changed(change{version: 6, object: scaled})
			h.changed(change{version: 7, object: scaled})
			h.wrote(written)
		}, 0},
		"a Service that stays as it is": {func(h *history) {
			h.changed(change{version: 6, object: service{key: named("live")}})
			h.changed(change{version: 7, object: service{key: named("live")}})
			h.wrote(written)
		}, 0},
		"a denial": {func(h *history) {
			h.changed(change{version: 7, object: scaled})
			h.wrote(write{outcome: denied})
		}, 0},
		"a deletion in two steps": {func(h *history) {
			h.changed(change{version: 6, object: scaled})
			h.wrote(write{outcome: admitted})
			h.changed(change{version: 7, object: workload{key: named(blue), uid: "blue", deleting: true, generation: 2}})
			h.changed(change{version: 8, gone: true, object: workload{key: named(blue), uid: "blue", deleting: true, generation: 2}})
		}, 1},
		"the deletion of what a Deployment made": {func(h *history) {
			made := workload{key: types.NamespacedName{Namespace: "shop", Name: "blue-1"}, uid: "blue-1"}
			h.changed(change{version: 7, gone: true, object: made})
		}, 0},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			h := newHistory()
			test.tell(h)
			if got := h.effective(); got != test.want {
				t.Errorf("%d instead of %d", got, test.want)
			}
		})
	}
}
