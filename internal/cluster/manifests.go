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
		manifests.kinds[kind].add(plain{object}, object)
	}
	return manifests
}

// List implements state.Reader.
func (m *Manifests) List(_ context.Context, query state.Query) (state.Listing, error) {
	store, ok := m.kinds[query.Kind]
	if !ok {
		return state.Listing{Complete: m.complete}, nil
	}
	items, err := store.find(query)
	return state.Listing{Items: items, Complete: m.complete}, err
}

// plain is an object that is kept as it is.
type plain struct{ kept state.Object }

func (p plain) object() (state.Object, error) { return p.kept, nil }
