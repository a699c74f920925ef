package cluster

import (
	"context"

	"k8s.io/apimachinery/pkg/runtime/schema"
	toolscache "k8s.io/client-go/tools/cache"
	"sigs.k8s.io/controller-runtime/pkg/cache"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"greenlight.dev/greenlight/state"
)

// CacheOptions returns the options of a cache that holds only what is read: specs, labels, owners and
// counts, no pod templates but their labels and fingerprint, no annotations but Greenlight's own. Its
// kinds are for the Reader alone, since they are packed.
func CacheOptions() cache.Options {
	options := cache.Options{
		// A forgotten kind must not fill the memory: it fails instead.
		ReaderFailOnMissingInformer: true,
		DefaultTransform:            cache.TransformStripManagedFields(),
		ByObject:                    map[client.Object]cache.ByObject{},
	}
	for _, cached := range cachedKinds {
		options.ByObject[cached.object] = cache.ByObject{Transform: cached.packing}
	}
	return options
}

// informer keeps the objects of one kind as the API server tells of them.
type informer struct {
	*store
	toolscache.ResourceEventHandlerRegistration
}

func newInformer(ctx context.Context, informers cache.Informers, kind schema.GroupVersionKind) (informer, error) {
	source, err := informers.GetInformerForKind(ctx, kind, cache.BlockUntilSynced(false))
	if err != nil {
		return informer{}, err
	}
	store := newStore()
	registration, err := source.AddEventHandler(store)
	return informer{store, registration}, err
}

// List answers from memory. It fails until the whole cluster was seen once: before that, what is
// missing could not be told from what is absent.
func (i informer) List(query state.Query) (state.Listing, error) {
	if !i.HasSynced() {
		return state.Listing{}, notSynced(query.Kind)
	}
	items, err := i.find(query)
	return state.Listing{Items: items, Complete: true}, err
}
