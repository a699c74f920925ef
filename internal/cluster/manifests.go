package cluster

import (
	"context"

	"k8s.io/apimachinery/pkg/runtime/schema"

	"greenlight.dev/greenlight/state"
)

// Manifests is the state that a set of objects describes.
type Manifests struct {
	kinds    map[schema.GroupVersionKind]*store
	complete bool
}

// NewManifests returns the state that objects describe; complete says that they are the whole cluster.
// Objects of the same name all count: the variants of several environments may lie side by side.
func NewManifests(objects []state.Object, complete bool) *Manifests {
	manifests := &Manifests{kinds: map[schema.GroupVersionKind]*store{}, complete: complete}
	for _, object := range objects {
		kind := object.GetObjectKind().GroupVersionKind()
		if manifests.kinds[kind] == nil {
			manifests.kinds[kind] = newStore()
		}
		manifests.kinds[kind].add(object)
	}
	return manifests
}

// List implements state.Reader.
func (m *Manifests) List(_ context.Context, query state.Query) (state.Listing, error) {
	listing := state.Listing{Complete: m.complete}
	if store, ok := m.kinds[query.Kind]; ok {
		listing.Items = store.find(query)
	}
	return listing, nil
}
